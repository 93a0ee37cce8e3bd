using System.Text;
using ConvoSynth.Export.Examples;

namespace ConvoSynth.Export.Tokens;

/// <summary>The longest examples that are exported. A longer one is left out and never cut: a cut example teaches half an answer.</summary>
/// <param name="Most">In tokens, at least 1.</param>
public sealed record TokenLimit(TokenCounter Counter, int Most)
{
    /// <summary>What is wrong with the value, as a sentence; null if nothing is.</summary>
    internal string? Problem() => Most < 1 ? $"--max-tokens {Most} is out of range: it must be at least 1" : null;

    internal string Reason => $"more than {Most} tokens ({Counter.Name})";

    /// <param name="text">The text that a trainer reads, if the format has it; null counts messages and tools as JSON.</param>
    internal bool IsOver(IEnumerable<ChatMessage> messages, ReadOnlyMemory<byte> tools, string? text) =>
        (text is null ? Count(messages, tools) : Counter.Count(text)) > Most;

    private long Count(IEnumerable<ChatMessage> messages, ReadOnlyMemory<byte> tools) =>
        messages.Sum(m => (long)Counter.Count(Encoding.UTF8.GetString(m.Cell.Span))) + Counter.Count(Encoding.UTF8.GetString(tools.Span));
}
