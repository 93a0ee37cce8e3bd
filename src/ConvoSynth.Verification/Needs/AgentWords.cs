using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Needs;

/// <summary>What the agent says: to the human, and in a hand-over to the person who takes the human over.</summary>
internal static class AgentWords
{
    /// <summary>The texts with their messages, in order.</summary>
    public static IEnumerable<(int Message, string Text)> Of(Trace trace)
    {
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i] is not { Role: MessageRole.Assistant } message)
                continue;
            if (!string.IsNullOrEmpty(message.Content))
                yield return (i, message.Content);
            foreach (var call in message.ToolCalls)
            {
                if (trace.Pack.Tools.Find(call.Name) is { Kind: ToolKind.Transfer })
                    yield return (i, call.Arguments);
            }
        }
    }
}
