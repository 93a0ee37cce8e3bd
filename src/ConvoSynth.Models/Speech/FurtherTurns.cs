using System.Buffers;
using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Finds other speakers' turns in one text: a model that does not stop writes both sides. A line with a speaker's name and a colon is a
/// turn if speech follows. A record ("Customer: Mei Kovacs") has such lines too, so the rest must look like speech.
/// </summary>
internal static partial class FurtherTurns
{
    // Speaker names that no record uses as a label.
    private const string OnlySpeakers = "human|assistant|ai|bot|chatbot|gpt4 correct (?:user|assistant)";
    private const string Speakers =
        "user|customer|client|caller|agent|system|(?:customer )?service (?:agent|representative)|(?<only>" + OnlySpeakers + ")";

    // The minimum number of words after a label that make it speech: with a full stop, and without one.
    private const int SpeechWords = 2;
    private const int UnstoppedWords = 5;

    // Each form of Header() has one of these, or a wide bracket. Ordinary characters alone make a fast search.
    private static readonly SearchValues<string> InHeader = SearchValues.Create(
        ["user", "assistant", "model", "system", "human", "ipython", "developer", "<", "&lt;", "Q", "##"],
        StringComparison.Ordinal
    );

    /// <summary>The first such turn, from its label on; null if there is none.</summary>
    public static string? In(string text)
    {
        if ((text.AsSpan().ContainsAny(InHeader) || text.Contains('＜')) && Header().Match(text) is { Success: true } header)
            return header.Value;
        if (!text.Contains(':', StringComparison.Ordinal))
            return null;
        foreach (Match label in Labels().Matches(text))
        {
            var isLast = label.Index + label.Length >= text.AsSpan().TrimEnd().Length;
            if (IsSpeech(label.Groups["said"].ValueSpan, isLast, label.Groups["only"].Success))
                return label.Value;
        }

        return null;
    }

    // Names and ids have no lower-case words; an answer may be a single word. A label at the very end is where the model was stopped.
    private static bool IsSpeech(ReadOnlySpan<char> said, bool isLast, bool isOnlySpeaker)
    {
        said = said.Trim("*_\"“”' \t\r\n");
        if (said.IsEmpty)
            return isLast;
        if (said[^1] is '!' or '?' || Answers().IsMatch(said))
            return true;
        var (words, small) = (0, 0);
        foreach (var range in said.Split(' '))
        {
            var word = said[range];
            if (word.IsEmpty)
                continue;
            words++;
            if (char.IsAsciiLetterLower(word[0]) && word.IndexOfAnyInRange('0', '9') < 0 && !word.Contains('@'))
                small++;
        }

        return said[^1] is '.' or '…'
            ? isOnlySpeaker || (words >= SpeechWords && small > 0)
            : words >= UnstoppedWords && small >= words - 1;
    }

    // Captures the first line after the label; if the label stands alone, the next line unless it is a list item.
    [GeneratedRegex(
        @"^[ \t]*(?:>[ \t]*|\#{1,4}[ \t]*)?[*_]{0,2}(?:"
            + Speakers
            + @")(?:[ #]?\d)?[*_]{0,2}[ \t]*:[*_]{0,2}[ \t]*"
            + @"(?:\r?\n(?![ \t]*(?:[-•*|\d]|\z)))?(?<said>[^\r\n]*)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Labels();

    // Headers of templates: a role alone on its line, joined to a capital, in a tag, or in a heading of an instruction format.
    [GeneratedRegex(
        @"^(?:user|assistant|model|system|human|ipython|developer)[ \t]*\r?$"
            + @"|(?:^|(?<=[.!?]))(?:user|assistant|system)(?=\p{Lu})(?!(?:I[dD]|Name|Email|Info|Data|Type)(?!\w))"
            + @"|(?:[<＜]|&lt;)/?(?:user|assistant|human|bot|role|system|customer|client|caller|agent)(?:[>＞]|&gt;)"
            + @"|^Q[ \t]*:[^\n]*\n+[ \t]*A[ \t]*:"
            + @"|^\#{2,4}[ \t]*(?:Instruction|Response|Input|User|Human|Assistant|System)[ \t]*:[ \t]*\r?$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Header();

    [GeneratedRegex(
        @"\A(?:yes|yeah|yep|no|nope|ok|okay|sure|hi|hello|hey|thanks|thank you|please|great|perfect|alright|sorry|certainly|of course"
            + @"|i|i'm|i’m|i'd|i’d|i've|my|can|could|what|when|that)(?!\w)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Answers();
}
