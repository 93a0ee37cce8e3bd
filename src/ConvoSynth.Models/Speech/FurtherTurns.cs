using System.Text.RegularExpressions;

namespace ConvoSynth.Models;

/// <summary>
/// Turns of other speakers in one text: a model that does not stop writes both sides. A line with a speaker's name and a colon is a turn
/// where speech follows; a record ("Customer: Mei Kovacs") has such lines too, so what follows must read as speech.
/// </summary>
internal static partial class FurtherTurns
{
    // Speakers whose names no record has as the label of a value.
    private const string OnlySpeakers = "human|assistant|ai|bot|chatbot|gpt4 correct (?:user|assistant)";
    private const string Speakers =
        "user|customer|client|caller|agent|system|(?:customer )?service (?:agent|representative)|(?<only>" + OnlySpeakers + ")";

    // Words of speech in what follows a label: at least so many with a full stop, or so many without.
    private const int SpeechWords = 2;
    private const int UnstoppedWords = 5;

    /// <summary>The first such turn, from its label on; null where there is none.</summary>
    public static string? In(string text)
    {
        if (Header().Match(text) is { Success: true } header)
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

    // A name or an id has no small words; an answer may be one word. A label with nothing behind it is where the model was stopped.
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

    // Only the first line of what follows; where the label stands alone, the next line, unless it is one of a list.
    [GeneratedRegex(
        @"^[ \t]*(?:>[ \t]*|\#{1,4}[ \t]*)?[*_]{0,2}(?:"
            + Speakers
            + @")[*_]{0,2}[ \t]*:[*_]{0,2}[ \t]*"
            + @"(?:\r?\n(?![ \t]*(?:[-•*|\d]|\z)))?(?<said>[^\r\n]*)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Labels();

    // Headers of templates: a role alone on its line, glued to a capital, in a tag, or in a heading of an instruction format.
    [GeneratedRegex(
        @"^(?:user|assistant|model|system|human|ipython|developer)[ \t]*\r?$"
            + @"|(?:^|(?<=[.!?]))(?:user|assistant|system)(?=\p{Lu})(?!(?:I[dD]|Name|Email|Info|Data|Type)(?!\w))"
            + @"|(?:[<＜]|&lt;)/?(?:user|assistant|human|bot|role|system)(?:[>＞]|&gt;)"
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
