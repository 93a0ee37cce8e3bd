using System.Text.Json;
using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Splits a model's text into its speech and the thoughts that its server should have kept out of the text. Every protocol parses its
/// answers through this type, for every role.
/// </summary>
/// <param name="Speech">The text without thoughts and their marks; the same instance if it has none.</param>
/// <param name="Thoughts">Null if there are none, or only white space.</param>
internal readonly partial record struct AnswerText(string? Speech, string? Thoughts)
{
    private const string Names =
        "(?:answer|response|output|reply|speech|message|solution|say|content|result|text|final(?:_(?:answer|response|output|reply))?)";

    /// <summary>Whether thoughts or marks were removed from the text.</summary>
    public bool IsTakenApart { get; private init; }

    public static AnswerText Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || IsJson(text))
            return new(text, null);
        var thoughts = new List<string>();
        var speech = HarmonyText.Speech(text, thoughts);
        speech = TaggedThoughts.Without(speech, thoughts);
        speech = LabelledThoughts.Without(speech, thoughts);
        speech = Unwrapped(speech);
        if (ReferenceEquals(speech, text))
            return new(text, null);
        var said = string.Join("\n\n", thoughts.Select(static t => t.Trim()).Where(static t => t.Length > 0));
        return new(speech.Trim(), said.Length == 0 ? null : said) { IsTakenApart = true };
    }

    // A structured answer may quote marks of thoughts in its strings.
    private static bool IsJson(string text)
    {
        var trimmed = text.AsMemory().Trim();
        if (trimmed.Span is not (['{', .., '}'] or ['[', .., ']']))
            return false;
        try
        {
            using var document = JsonDocument.Parse(trimmed);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Some models frame their speech after their thoughts; the template may have written the frame's opening.
    private static string Unwrapped(string text)
    {
        if (!text.Contains('<', StringComparison.Ordinal))
            return text;
        var (open, close) = (FrameOpening().Match(text), FrameClosing().Match(text));
        return open.Success || close.Success ? text[open.Length..(close.Success ? close.Index : text.Length)] : text;
    }

    [GeneratedRegex(
        @"\A\s*(?:<" + Names + @">|<\|(?:start|begin)_(?:of_)?" + Names + @"\|>)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex FrameOpening();

    [GeneratedRegex("(?:</" + Names + @">|<\|end_(?:of_)?" + Names + @"\|>)\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FrameClosing();
}
