using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Needs;

/// <summary>
/// Which reads of a dialogue are needed: without them an argument, a guard, an answer or a stated detail has no source. Reads are taken
/// out from the last to the first, so that of two reads that show the same the earlier one is needed.
/// </summary>
internal sealed class NeededReads
{
    private readonly Trace _trace;
    private readonly IReadOnlyList<ICheck> _grounding;
    private readonly ReadGrounds _grounds;
    private readonly HashSet<TraceCall> _unseen = new(ReferenceEqualityComparer.Instance);

    // What the checks find although nothing is taken out; made once, if there is a read to judge by them.
    private HashSet<(string Check, int? Message, string? Evidence)>? _found;

    private NeededReads(Trace trace, IReadOnlyList<ICheck> grounding)
    {
        (_trace, _grounding) = (trace, grounding);
        _grounds = new(trace, c => !_unseen.Contains(c));
        var needed = new bool?[trace.Calls.Count];
        for (var i = needed.Length - 1; i >= 0; i--)
        {
            var call = trace.Calls[i];
            if (!IsJudged(call))
            {
                needed[i] = call.Wrote || (call.Succeeded && call.Tool is { Kind: ToolKind.Transfer }) ? true : null;
                continue;
            }

            needed[i] = IsNeeded(i);
            if (needed[i] == false)
                _unseen.Add(call);
        }

        Calls = needed;
        Needless = [.. trace.Calls.Where(_unseen.Contains)];
        Judged = trace.Calls.Count(IsJudged);
    }

    /// <summary>Per call of the trace; null for a call that is not judged.</summary>
    public IReadOnlyList<bool?> Calls { get; }

    /// <summary>The reads that are not needed, in their order.</summary>
    public IReadOnlyList<TraceCall> Needless { get; }

    /// <summary>How many reads were judged.</summary>
    public int Judged { get; }

    /// <param name="grounding">The checks that ask where something comes from; the same for every call with one trace.</param>
    public static NeededReads Of(Trace trace, IReadOnlyList<ICheck> grounding) => trace.Derived(t => new NeededReads(t, grounding));

    // A failed call shows nothing. A tool without rows and without a result to use is a place to think.
    private static bool IsJudged(TraceCall call) =>
        call.Succeeded && call.Tool is { Kind: ToolKind.Read } tool && (tool.Reveals.Count > 0 || tool.Calculates);

    private bool IsNeeded(int index)
    {
        if (Repeats(index))
            return false;
        var call = _trace.Calls[index];
        // The sampler dropped from the reference solution what it does not need.
        if (!_trace.IsForeign && PlanMatch.IsGold(_trace, call))
            return true;
        return _grounds.Has(index) || StandsIn(call) || IsMissedByChecks(call);
    }

    // Of our own tasks the reference solution says what must be known for conditions and refusals. A read may show it in place of a read
    // that the agent left out.
    private bool StandsIn(TraceCall read) =>
        !_trace.IsForeign
        && _trace.Blueprint.Actions.Any(gold =>
            !gold.Writes
            && _trace.Pack.Tools.Find(gold.Tool) is { } tool
            && !_trace.Calls.Any(c => c.Succeeded && c.Tool == tool && PlanMatch.Same(_trace.Pack, tool, gold.Arguments, c.Arguments!))
            && _grounds.ShowSameRow(read, tool, gold.Observation)
        );

    // An earlier call of the tool with the same arguments has shown the same.
    private bool Repeats(int index)
    {
        var call = _trace.Calls[index];
        for (var i = 0; i < index; i++)
        {
            var earlier = _trace.Calls[i];
            if (
                earlier.Succeeded
                && earlier.Tool == call.Tool
                && earlier.Arguments == call.Arguments
                && earlier.Result.Value == call.Result.Value
            )
                return true;
        }

        return false;
    }

    private bool IsMissedByChecks(TraceCall call)
    {
        _found ??= Found(_trace);
        var without = _trace.Without(new HashSet<TraceCall>(_unseen, ReferenceEqualityComparer.Instance) { call });
        return LosesOrigin(without) || Found(without).Any(f => !_found.Contains(f));
    }

    // Of a calculation, each operand counts by itself (see ReadGrounds): one without a source must not hide the others.
    private bool LosesOrigin(Trace without)
    {
        var kept = 0;
        for (var i = 0; i < _trace.Calls.Count; i++)
        {
            if (kept >= without.Calls.Count || !ReferenceEquals(without.Calls[kept], _trace.Calls[i]))
                continue;
            if (_trace.Calls[i].Tool is not { Calculates: true } && Lost(_trace.ArgumentOrigins[i], without.ArgumentOrigins[kept]))
                return true;
            kept++;
        }

        return false;
    }

    private static bool Lost(Core.Json before, Core.Json now)
    {
        if (before is not Core.JsonMap origins)
            return false;
        for (var i = 0; i < origins.Count; i++)
        {
            if (origins.Values[i].Text != "none" && now[origins.Keys[i]].Text == "none")
                return true;
        }

        return false;
    }

    private HashSet<(string Check, int? Message, string? Evidence)> Found(Trace trace)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        foreach (var check in _grounding)
            check.Run(trace, verdicts);
        return [.. verdicts.Where(v => v.Rejects).Select(v => (v.Name, v.Message, v.Evidence))];
    }
}
