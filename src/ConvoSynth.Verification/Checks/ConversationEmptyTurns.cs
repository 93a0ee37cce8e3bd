using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>conversation.empty-turns</c>: the party with the turn speaks or calls a tool.</summary>
internal sealed class ConversationEmptyTurns : ICheck
{
    private static readonly CheckName Name = new("conversation", "empty-turns");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role == MessageRole.Tool || !messages[i].ToolCalls.IsEmpty || !string.IsNullOrWhiteSpace(messages[i].Content))
                continue;
            if (
                i < trace.Conversation.Meta.Length
                && trace.Conversation.Meta[i].Finish is { } finish
                && UntakenPrompt.Reason(finish) is not null
            )
                continue;
            findings.Fail(messages[i].Role == MessageRole.User ? Fault.Human : Fault.Agent, i, "the message is empty");
        }

        findings.Close();
    }
}
