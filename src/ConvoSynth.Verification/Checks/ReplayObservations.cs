using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>replay.observations</c>: executed again, every call returns the recorded observation. JSON compares by value. The wording of errors
/// counts in our own dialogues only: a foreign record comes from another implementation, with its own wording.
/// </summary>
internal sealed class ReplayObservations : ICheck
{
    private const int Quoted = 120;
    private static readonly CheckName Name = new("replay", "observations");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.Observation < 0 || Equal(call, trace.IsForeign))
                continue;
            findings.Fail(
                Fault.Environment,
                call.Observation,
                $"recorded {Cut(call.Recorded)}; the environment returns {Cut(call.Result.Text)}"
            );
        }

        findings.Close();
    }

    /// <summary>Whether the recorded observation of a call equals the environment's.</summary>
    public static bool Equal(TraceCall call, bool anyError)
    {
        if (string.Equals(call.Recorded, call.Result.Text, StringComparison.Ordinal))
            return true;
        var failed =
            call.Recorded.StartsWith("Error", StringComparison.Ordinal)
            || call.Recorded.StartsWith("Unknown action", StringComparison.Ordinal);
        if (failed || call.Result.IsError)
            return anyError && failed && call.Result.IsError;
        if (!Json.TryParse(call.Recorded, out var recorded, out _))
            return false;
        var returned = call.Result.Value;
        return recorded == returned || (returned is JsonText text && Json.TryParse(text.Value, out var inner, out _) && inner == recorded);
    }

    private static string Cut(string text) => text.Length <= Quoted ? text : text[..Quoted] + "…";
}
