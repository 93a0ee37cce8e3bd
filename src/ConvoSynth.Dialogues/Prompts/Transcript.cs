using System.Text;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Dialogues.Prompts;

/// <summary>
/// Messages as the input of a model that judges them. Each starts with a number and a party, and further lines are indented, so that no
/// text can pass for the next message.
/// </summary>
public static class Transcript
{
    /// <summary>Maximum number of characters shown per message; the rest is only counted.</summary>
    public const int LongestMessage = 6000;

    public static string Of(IEnumerable<QuotedMessage> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
            Add(text, $"[{message.Index}] {Party(message.Role)}: ", Shortened(message.Text));
        return text.ToString();
    }

    /// <summary>Alternative texts, numbered from 1.</summary>
    public static string Numbered(IReadOnlyList<string> texts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < texts.Count; i++)
            Add(text, $"{i + 1}. ", Shortened(texts[i]));
        return text.ToString();
    }

    private static void Add(StringBuilder text, string head, string content)
    {
        if (text.Length > 0)
            text.Append('\n');
        text.Append(head).Append(content.Trim().ReplaceLineEndings("\n    "));
    }

    private static string Shortened(string text) =>
        text.Length <= LongestMessage ? text : $"{text[..LongestMessage]} … ({text.Length - LongestMessage} more characters)";

    private static string Party(MessageRole role) =>
        role switch
        {
            MessageRole.User => "human",
            MessageRole.Assistant => "agent",
            MessageRole.Tool => "tool",
            _ => "system",
        };
}
