using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Thoughts under a heading, followed by a heading for the speech; or in a fence, quotation or comment that is marked as thoughts. One
/// heading alone may be a speaker's own words.
/// </summary>
internal static partial class LabelledThoughts
{
    /// <summary>The text without its thoughts, which are added to <paramref name="thoughts"/>; the same text if it has none.</summary>
    public static string Without(string text, List<string> thoughts)
    {
        var match = Headings().Match(text);
        if (!match.Success)
            return text;
        thoughts.Add(match.Groups["thoughts"].Value);
        return match.Groups["said"].Value;
    }

    [GeneratedRegex(
        @"\A\s*(?:"
            + @"(?:Here(?:'|’)s|Here is) my thought process:(?<thoughts>.*?)(?:Here(?:'|’)s|Here is) my response:(?<said>.*)"
            + @"|[*_#]*\s?(?:(?:my|internal|inner) )?(?:thoughts?|thinking|reasoning|monologue|scratchpad)[*_]*\s*:[*_]*(?<thoughts>.*?)"
            + @"\n\s*[*_#]*\s?(?:(?:user|customer|human|agent|assistant|final|my|actual) )*(?:response|answer"
            + @"|reply|message|output)[*_]*\s*:"
            + "[*_]*(?<said>.*)"
            + @"|\#{1,6}[ \t]*(?:(?:my|internal|inner) )?(?:thoughts?|thinking|reasoning|analysis)(?: process)?[ \t]*\r?\n(?<thoughts>.*?)"
            + @"\n[ \t]*\#{1,6}[ \t]*(?:(?:user|customer|human|agent|assistant|final|my|actual) )*(?:response|answer|reply|message|output)"
            + @"[ \t]*\r?\n(?<said>.*)"
            // The form that command-line clients print.
            + @"|Thinking(?:\.{3}|…)\s*\n(?<thoughts>.*?)\n\s*(?:\.{3}|…)\s*done thinking\.?(?<said>.*)"
            + @"|(?:>[ \t]*)?[*_]{0,3}(?:thinking|thoughts|thought process|reasoning)[.…:*_ \t\r]*\n\s*"
            + @"(?<thoughts>(?:[ \t]*>[^\n]*(?:\n|\z))+)(?<said>.*)"
            + @"|`{3}[ \t]*(?:think|thinking|thoughts?|reasoning)[ \t]*\r?\n(?<thoughts>.*?)\n[ \t]*`{3}(?<said>.*)"
            + @"|<!--\s*(?:think|thinking|thoughts?|reasoning)\b(?<thoughts>.*?)-->(?<said>.*)"
            + @")\z",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Headings();
}
