using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Of a dialogue that was cut off nothing can be said that is about its end: what did not happen yet might have. Such findings are skipped, so that a
/// stopped row is rejected for what stopped it, and nobody is blamed for what they were kept from doing.
/// </summary>
internal static class UnfinishedDialogues
{
    private const string Why = "the dialogue was ended before its own end";

    public static ImmutableArray<Verdict> Fair(DialogueEnd end, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (end is DialogueEnd.Doomed or DialogueEnd.OutOfScope)
        {
            for (var i = 0; i < verdicts.Count; i++)
            {
                var verdict = verdicts[i];
                if (verdict.Rejects && verdict.Fault != Fault.Blueprint && IsOfEnd(verdict))
                    verdicts[i] = verdict with { Outcome = Outcome.Skipped, Fault = Fault.None, Message = null, Evidence = Why };
            }
        }

        return verdicts.ToImmutable();
    }

    // What is unsure need not be settled: the row is rejected as it is. What is missing points at no message; the end state is compared as a whole, and words about outcomes are weighed by the last of them.
    private static bool IsOfEnd(Verdict verdict) =>
        verdict.Message is null
        || verdict.Outcome == Outcome.Unsure
        || verdict is { Stage: "outcome", Check: "end-state" or "outputs-words" or "refusal-words" };
}
