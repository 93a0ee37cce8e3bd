using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>The bounds of a normal conversation.</summary>
public sealed record ConversationBounds
{
    /// <summary>Maximum number of messages, observations included.</summary>
    /// <value>100 by default: above the limit at which a session ends a dialogue, since all calls of one message are executed.</value>
    public int Messages { get; init; } = 100;

    /// <summary>Maximum number of characters in one text of human or agent.</summary>
    /// <value>8,000 by default.</value>
    public int Characters { get; init; } = 8000;

    public static ConversationBounds Default { get; } = new();
}

/// <summary>
/// <c>conversation.length</c>: the dialogue and each text stay within bounds, and no response was truncated by its model's limit.
/// </summary>
internal sealed class ConversationLength(ConversationBounds bounds) : ICheck
{
    private static readonly CheckName Name = new("conversation", "length");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        var meta = trace.Conversation.Meta;
        if (messages.Length > bounds.Messages)
            findings.Fail(Fault.Agent, bounds.Messages, $"{messages.Length} messages; {bounds.Messages} are allowed");
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role == MessageRole.Tool)
                continue;
            var fault = messages[i].Role == MessageRole.User ? Fault.Human : Fault.Agent;
            if (messages[i].Content is { } text && text.Length > bounds.Characters)
                findings.Fail(fault, i, $"{text.Length} characters; {bounds.Characters} are allowed");
            if (i < meta.Length && meta[i].Finish == FinishReason.Length)
                findings.Fail(fault, i, "the response, or the request, is longer than its model allows");
        }

        findings.Close();
    }
}
