using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>How an edit is told to the person who reads it.</summary>
internal static class EditWords
{
    private const int Around = 60;

    public static string Word(Message message) =>
        message.Role switch
        {
            MessageRole.User => "human",
            MessageRole.Tool => "observation",
            _ => "agent",
        };

    public static string Shown(Message message) =>
        message.ToolCalls.IsEmpty ? message.Content ?? "" : string.Join("; ", message.ToolCalls.Select(c => $"{c.Name}({c.Arguments})"));

    public static string Cut(string text) => text.Length <= 2 * Around ? text : text[..(2 * Around)] + "…";

    public static string Near(string text, int at)
    {
        var from = Math.Max(0, at - Around);
        var to = Math.Min(text.Length, at + Around);
        return $"{(from > 0 ? "…" : "")}{text[from..to]}{(to < text.Length ? "…" : "")}";
    }
}
