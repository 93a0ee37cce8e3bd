using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>human.early-stop</c>: the human ends the dialogue only after the agent has spoken.</summary>
internal sealed class HumanEarlyStop : ICheck
{
    private static readonly CheckName Name = new("human", "early-stop");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        if (trace.Conversation.End == DialogueEnd.HumanStop && !messages.Any(Speech.IsAgentTurn))
            findings.Fail(Fault.Human, messages.Length - 1, "the human stops before the agent has said anything");
        findings.Close();
    }
}
