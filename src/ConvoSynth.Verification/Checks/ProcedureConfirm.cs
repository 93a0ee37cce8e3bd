using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.confirm</c>: the structural part of confirmation. Since the written row was first known, the agent spoke and the human
/// answered. Before the write, one of them named the row or a value of the write in some way. Where each write needs a yes of its own, a
/// human message followed the last write. A write that passes goes on to <c>procedure.confirmation</c>, which weighs the words
/// (<see cref="Confirmation"/>), so no write gets findings from both. A failed call changed nothing: it needs no yes and uses none up.
/// </summary>
internal sealed class ProcedureConfirm(IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Structure = new("procedure", "confirm");
    private static readonly CheckName Words = new("procedure", "confirmation", CheckKind.Language);

    private static readonly Verdict NothingLeft = Words.Skipped("every write failed procedure.confirm already");

    private readonly (BoundRule Rule, HashSet<string> Details, bool Each)[] _rules =
    [
        .. rules.Select(r =>
            (r, r.Options["details"].Items.Select(d => d.Text ?? "").ToHashSet(StringComparer.Ordinal), r.Options["yes"].Text == "each")
        ),
    ];

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var structure = new Findings(Structure, verdicts);
        List<(BoundRule Rule, ConfirmedWrite Write)>? sound = null;
        foreach (var (rule, details, each) in _rules)
        {
            var lastWrite = -1;
            foreach (var call in trace.Calls)
            {
                if (!call.Wrote || !rule.Tools.Contains(call.Tool!.Name))
                    continue;
                var known = FirstKnown(trace, call);
                var answer = Turns.Last(trace, call.Message, MessageRole.User);
                var question = Turns.Last(trace, answer, MessageRole.Assistant);
                var what = $"{call.Tool.Name}({call.Call.Arguments})";
                if (question < 0 || question < known)
                    structure.Fail(
                        Fault.Agent,
                        call.Message,
                        $"{what} was done without a word to the human since its row was known; {rule.Quote}"
                    );
                else if (each && answer < lastWrite)
                    structure.Fail(
                        Fault.Agent,
                        call.Message,
                        $"{what} follows the write of message {lastWrite} without a yes of its own; {rule.Quote}"
                    );
                else if (!IsMentioned(trace, call))
                    structure.Fail(Fault.Agent, call.Message, $"{what}: nobody spoke of what it changes before; {rule.Quote}");
                else
                    (sound ??= []).Add((rule, new(trace, call, known, details)));
                lastWrite = call.Message;
            }
        }

        structure.Close();
        if (sound is null && structure.Any)
        {
            verdicts.Add(NothingLeft);
            return;
        }

        var words = new Findings(Words, verdicts);
        foreach (var (rule, write) in sound ?? [])
        {
            var (outcome, why) = Confirmation.Weigh(write);
            var what = $"{write.Call.Call.Name}({write.Call.Call.Arguments}): {why}; {rule.Quote}";
            if (outcome == Outcome.Fail)
                words.Fail(Fault.Agent, write.Call.Message, what);
            else if (outcome == Outcome.Unsure)
                words.Unsure(write.Call.Message, what);
        }

        words.Close();
    }

    private static bool IsMentioned(Trace trace, TraceCall call)
    {
        var mentions = trace.MentionsOf(call);
        if (!mentions.Any)
            return true;
        for (var i = call.Message - 1; i >= 0; i--)
        {
            if (trace.Said(i) is { } said && mentions.In(said.Text))
                return true;
        }

        return false;
    }

    // The observation at which the last of the written rows named by the arguments was first known; -1 if none was.
    private static int FirstKnown(Trace trace, TraceCall call)
    {
        var known = -1;
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            if (meaning.Names is null || call.Arguments![meaning.Parameter.Name] is not { IsNull: false } value)
                continue;
            if (value is not JsonList list)
            {
                known = Math.Max(known, FirstKnown(trace, call, meaning.Names, value));
                continue;
            }

            foreach (var item in list.Span)
                known = Math.Max(known, FirstKnown(trace, call, meaning.Names, item));
        }

        return known;
    }

    // A number from the human or in a list does not show a row. The first read of the row itself counts, if there is one.
    private static int FirstKnown(Trace trace, TraceCall call, EntitySpec entity, Json key)
    {
        var id = EntityRows.Text(key);
        if (!call.Writes.Any(w => w.Key == id))
            return -1;
        var named = int.MaxValue;
        foreach (var earlier in trace.Calls)
        {
            if (earlier.Message >= call.Message)
                break;
            if (!earlier.Succeeded || earlier.Observation < 0 || !JsonSearch.ShowsId(earlier.Result.Value, id))
                continue;
            if (earlier.Tool!.Reveals.Contains(entity.Name))
                return earlier.Observation;
            named = Math.Min(named, earlier.Observation);
        }

        return named == int.MaxValue ? -1 : named;
    }
}
