using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.already</c>: where the human's wish is fulfilled already, the agent says so after the read that shows it. Words that are not
/// recognised are unsure. <c>outcome.refusal</c> fails the write itself.
/// </summary>
internal sealed class OutcomeAlready : ICheck
{
    private static readonly CheckName Name = new("outcome", "already", CheckKind.Language);

    private static readonly CueSet Words = new([
        "already",
        "nothing to change",
        "nothing to do",
        "nothing needs to be",
        "no change is needed",
        "no need to change",
        "no changes are needed",
    ]);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (!trace.Blueprint.Refusals.Any(r => r.IsFulfilled))
            return;
        var findings = new Findings(Name, verdicts);
        foreach (var refusal in trace.Blueprint.Refusals.Where(r => r.IsFulfilled))
        {
            var from = Grounds.Of(trace, refusal.GroundedBy, mayBeComputed: false, _ => false) ?? -1;
            if (!IsSaid(trace, from))
                findings.Unsure(null, $"{refusal.Tool}({refusal.Arguments}) would change nothing, and no words are recognised that say so");
        }

        findings.Close();
    }

    private static bool IsSaid(Trace trace, int from)
    {
        for (var i = from + 1; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not null && trace.Said(i) is { } said && Words.IsIn(said.Words))
                return true;
        }

        return false;
    }
}
