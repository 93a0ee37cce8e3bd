using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>
/// A dialogue that was cut off gives no evidence about its end, since anything missing might still have happened. So findings about the
/// end are skipped. A stopped row is rejected only for the reason of the stop, and no party is blamed for acts that it could not do.
/// </summary>
internal static class UnfinishedDialogues
{
    private const string Why = "the dialogue was ended before its own end";

    public static ImmutableArray<Verdict> Fair(DialogueEnd end, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (end is DialogueEnd.StoppedEarly or DialogueEnd.OutOfScope)
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

    // An unsure finding needs no decision, since the row is rejected anyway. A finding about something missing points at no message. The
    // end state is compared as a whole, and the last words about an outcome decide.
    private static bool IsOfEnd(Verdict verdict) =>
        verdict.Message is null
        || verdict.Outcome == Outcome.Unsure
        || verdict is { Stage: "outcome", Check: "end-state" or "outputs-words" or "refusal-words" };
}
