using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>human.mark</c>: the closing mark stands at the end of a message. A mark with words behind it does not end the dialogue: the human's
/// model talks about its part, as no person in a chat does. Only rows with such a message have this verdict. Foreign recorded dialogues
/// end wherever the mark stands, and are left out.
/// </summary>
internal sealed class HumanMark : ICheck
{
    public const string FullName = "human.mark";
    public const string Evidence = "a mark that ends the dialogue stands in the message, with words behind it";

    private static readonly CheckName Name = new("human", "mark");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.IsForeign)
            return;
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role != MessageRole.User)
                continue;
            if (ClosingMark.StandsInside(messages[i].Content))
                findings.Fail(Fault.Human, i, Evidence);
        }
    }
}
