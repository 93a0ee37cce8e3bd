namespace ConvoSynth.Models.Speech;

/// <summary>What a server left in a text beside a speaker's words.</summary>
public enum LeakKind
{
    /// <summary>A mark of the model's template: an end, a header, a special token.</summary>
    Mark,

    /// <summary>A tool call as text.</summary>
    Call,

    /// <summary>A turn of another speaker, which the model wrote as well.</summary>
    Turn,

    /// <summary>A mark of thoughts whose end or beginning is unknown.</summary>
    Thought,

    /// <summary>Broken encoding: U+FFFD, control characters, a tokenizer's own characters, escapes.</summary>
    Broken,

    /// <summary>A JSON object in place of words.</summary>
    Json,
}

/// <summary>The first leak of a text.</summary>
/// <param name="Text">The leaked text, shortened to 60 characters.</param>
public readonly record struct Leak(LeakKind Kind, string Text)
{
    private const int Longest = 60;

    internal static Leak Of(LeakKind kind, string text) =>
        new(kind, Visible(text.Trim()) is { Length: > Longest } shown ? $"{shown[..Longest]}…" : Visible(text.Trim()));

    /// <summary>As a clause for people.</summary>
    public override string ToString() =>
        Kind switch
        {
            LeakKind.Mark => $"\"{Text}\", a mark of the model's template",
            LeakKind.Call => $"\"{Text}\", a tool call as text",
            LeakKind.Turn => $"\"{Text}\", a turn of another speaker",
            LeakKind.Broken => $"\"{Text}\", text in a broken encoding",
            LeakKind.Json => $"\"{Text}\", JSON in place of words",
            _ => $"\"{Text}\", a mark of thoughts that cannot be taken apart",
        };

    private static string Visible(string text) =>
        text is [var only] && (char.IsControl(only) || only == '\uFFFD') ? $"U+{(int)only:X4}" : text;
}
