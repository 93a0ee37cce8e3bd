using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Runs.Usefulness;

/// <summary>What a model reads before the text that follows a call: the conversation without policy and tools, a line a message.</summary>
/// <param name="Without">Without the call and its result.</param>
/// <param name="CallOnly">With the call, without its result.</param>
/// <param name="Whole">With both.</param>
/// <param name="Following">What the agent says next.</param>
internal sealed record CallTexts(string Without, string CallOnly, string Whole, string Following)
{
    // About 8,000 tokens. Earlier messages are left out.
    private const int MaxBeginning = 32_000;

    private const string Agent = "assistant:";

    /// <returns>Null if the agent says nothing after the call.</returns>
    public static CallTexts? Of(ImmutableArray<Message> messages, int message, ToolCall call)
    {
        var next = message + 1;
        while (next < messages.Length && messages[next] is not { Role: MessageRole.Assistant, Content.Length: > 0 })
            next++;
        if (next == messages.Length)
            return null;
        var first = 0;
        while (first < message && Length(messages, first, next) > MaxBeginning)
            first++;
        return new(
            Beginning(messages, first, next, call, hasCall: false, hasResult: false),
            Beginning(messages, first, next, call, hasCall: true, hasResult: false),
            Beginning(messages, first, next, call, hasCall: true, hasResult: true),
            $" {messages[next].Content}"
        );
    }

    private static int Length(ImmutableArray<Message> messages, int first, int next)
    {
        var length = 0;
        for (var i = first; i < next; i++)
            length += (messages[i].Content?.Length ?? 0) + messages[i].ToolCalls.Sum(c => c.Name.Length + c.Arguments.Length);
        return length;
    }

    private static string Beginning(ImmutableArray<Message> messages, int first, int next, ToolCall call, bool hasCall, bool hasResult)
    {
        var text = new StringBuilder();
        for (var i = first; i < next; i++)
        {
            var message = messages[i];
            if (message.Role == MessageRole.Tool)
            {
                if (hasResult || message.ToolCallId != call.Id)
                    Line(text, "result:", message.Content);
                continue;
            }

            Line(text, message.Role == MessageRole.User ? "user:" : Agent, message.Content);
            foreach (var made in message.ToolCalls)
            {
                if (hasCall || made.Id != call.Id)
                    Line(text, "call:", $"{made.Name} {made.Arguments}");
            }
        }

        return text.Append(Agent).ToString();
    }

    private static void Line(StringBuilder text, string speaker, string? said)
    {
        if (!string.IsNullOrEmpty(said))
            text.Append(speaker).Append(' ').Append(said).Append('\n');
    }
}
