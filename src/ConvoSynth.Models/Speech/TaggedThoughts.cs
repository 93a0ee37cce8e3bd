using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Thoughts between marks. Model families differ in the brackets and in the word: <c>&lt;think&gt;</c>, <c>[THINK]</c>, <c>◁think▷</c>,
/// <c>&lt;seed:think&gt;</c>, <c>&lt;|START_THINKING|&gt;</c>, <c>&lt;|begin_of_thought|&gt;</c>, …. So any bracket around a name with a
/// word for thinking is a mark.
/// </summary>
internal static partial class TaggedThoughts
{
    // Markdown and JSON escape brackets, and some models repeat them.
    private const string Open = @"(?:\\?[<＜◁◂⟨]{1,3}|&lt;|\\u003c)";
    private const string Close = @"(?:\\?[>＞▷▸⟩]{1,3}|&gt;|\\u003e)";
    private const string Attributes = @"(?:\s+[\w:.-]+\s*=\s*(?:""[^""]*""|'[^']*'|[^\s<>]+))*";
    private const string Word = @"(?:think|thought|reasoning|reflection|scratch_?pad|monologue|inner_(?:prefix|suffix)|cot_budget)";
    private const string Tag =
        Open
        + @"\s?(?<slash>/)?\s?[|｜]?\s?(?<slash>/)?(?<name>[\w:.▁-]*"
        + Word
        + @"[\w:.▁-]*)"
        + Attributes
        + @"\s*(?<empty>/)?\s?[|｜]?\s?"
        + Close;

    // Ambiguous words count only as the tag of a whole element at the beginning.
    private const string WeakWord =
        "(?:analysis|analy[sz]e|plan|planning|reasons?|reflect|rationale|cot|brainstorm|strategy|critique|draft|"
        + @"[\w:.-]*(?:inner|internal|hidden|private|ponder|deliberat|contemplat|introspect|cogitat|rationali)[\w:.-]*)";

    // Words that count in half a mark, or between the brackets of a stage direction.
    private const string PlainWord = "(?:think|thinking|thoughts?|reasoning)";

    private static readonly SearchValues<char> Brackets = SearchValues.Create("<＜◁◂⟨[&{>\\");

    private enum MarkKind
    {
        Opens,
        Closes,
        Stands,
    }

    /// <summary>The text without its thoughts, which are added to <paramref name="thoughts"/>; the same text if it has none.</summary>
    /// <remarks>
    /// A closing mark without an opening one ends thoughts that began with the text: templates open them in the prompt. An unclosed
    /// opening mark at the beginning of a line starts thoughts that were cut off. Elsewhere their end is unknown, and the mark stays for
    /// the checks to find.
    /// </remarks>
    public static string Without(string text, List<string> thoughts)
    {
        if (!text.AsSpan().ContainsAny(Brackets))
            return text;
        var speech = new StringBuilder();
        var (at, opened, isChanged) = (0, -1, false);
        var isPaired = ClosingDirection().IsMatch(text);
        foreach (Match mark in Marks().Matches(text))
        {
            if (mark.Groups["direction"].Success && !isPaired)
                continue;
            var kind = KindOf(mark);
            if (opened >= 0 && kind != MarkKind.Closes)
                continue;
            if (opened >= 0)
            {
                thoughts.Add(text[at..mark.Index]);
                opened = -1;
            }
            else
            {
                Append(speech, text.AsSpan(at, mark.Index - at));
                if (kind == MarkKind.Opens)
                    opened = mark.Index;
                if (kind == MarkKind.Closes)
                {
                    thoughts.Add(speech.ToString());
                    speech.Clear();
                }
            }

            isChanged |= opened < 0;
            at = mark.Index + mark.Length;
        }

        if (opened < 0)
        {
            Append(speech, text.AsSpan(at));
        }
        else if (text.AsSpan(0, opened).TrimEnd(" \t") is [] or [.., '\n'])
        {
            thoughts.Add(text[at..]);
            isChanged = true;
        }
        else
        {
            speech.Append(text.AsSpan(opened));
        }

        return WithoutElements(isChanged ? speech.ToString() : text, thoughts);
    }

    /// <summary>The first mark of thoughts in the text; null if there is none. Stage directions do not count.</summary>
    public static string? MarkIn(string text)
    {
        if (!text.AsSpan().ContainsAny(Brackets))
            return null;
        foreach (Match mark in Marks().Matches(text))
        {
            if (!mark.Groups["direction"].Success)
                return mark.Value;
        }

        return null;
    }

    private static string WithoutElements(string text, List<string> thoughts)
    {
        while (Elements().Match(text) is { Success: true } element)
        {
            thoughts.Add(element.Groups["said"].Value);
            text = text[element.Length..];
        }

        return text;
    }

    // Removed thoughts between two words leave a space, or a paragraph break if there was a line break.
    private static void Append(StringBuilder speech, ReadOnlySpan<char> more)
    {
        if (speech.Length == 0)
        {
            speech.Append(more);
            return;
        }

        var said = more.TrimStart();
        if (said.IsEmpty)
            return;
        var space = 0;
        while (space < speech.Length && char.IsWhiteSpace(speech[^(space + 1)]))
            space++;
        var before = speech.ToString(speech.Length - space, space);
        var isBroken = more[..^said.Length].Contains('\n') || before.Contains('\n', StringComparison.Ordinal);
        speech.Length -= space;
        if (speech.Length > 0)
            speech.Append(isBroken ? "\n\n" : " ");
        speech.Append(said);
    }

    private static MarkKind KindOf(Match mark)
    {
        if (mark.Groups["empty"].Success)
            return MarkKind.Stands;
        if (mark.Groups["slash"].Success || mark.Groups["closes"].Success)
            return MarkKind.Closes;
        return EndName().IsMatch(mark.Groups["name"].ValueSpan) ? MarkKind.Closes : MarkKind.Opens;
    }

    [GeneratedRegex(
        Tag
            + @"|\[\s?(?<slash>/)?\s?(?<name>(?-i:THINK|THINKING|THOUGHTS?|REASONING))\s?\]"
            + @"|(?<closes>[\[{]{1,2}\s?/\s?"
            + PlainWord
            + @"\s?[\]}]{1,2})|(?<direction>[\[{]{1,2}\s?"
            + PlainWord
            + @"\s?[\]}]{1,2})"
            // A mark without its last or its first bracket.
            + "|(?<closes></"
            + PlainWord
            + @"(?=\s*(?:\n|\z)))|(?<closes>(?<![\w<＜\\])/"
            + PlainWord
            + ">)|<"
            + PlainWord
            + @"(?=[ \t\r]*\n)|\A\s*"
            + PlainWord
            + ">"
            + @"|<\|channel\|?>\s*thought\b|(?<closes><channel\|>)|<unused94>(?:thought\b)?|(?<closes><unused95>)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Marks();

    // [think] alone may be a stage direction; together with [/think] it is a mark.
    [GeneratedRegex(@"[\[{]{1,2}\s?/\s?" + PlainWord + @"\s?[\]}]{1,2}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClosingDirection();

    [GeneratedRegex(@"\Aend(?:_|▁|of)|(?:_|▁)(?:end|suffix)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EndName();

    [GeneratedRegex(
        @"\A\s*(?:<(?<name>"
            + WeakWord
            + ")"
            + Attributes
            + @"\s*>|<(?<name>details)\s[^<>]*(?:reason|think)[^<>]*>)"
            + @"(?<said>.*?)</\k<name>\s*>\s*",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Elements();
}
