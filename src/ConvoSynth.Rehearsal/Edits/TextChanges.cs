using System.Text.RegularExpressions;
using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>Small changes of a text: a value, a digit, a negation.</summary>
internal static partial class TextChanges
{
    private static readonly (string From, string To)[] Negations =
    [
        (" is ", " is not "),
        (" are ", " are not "),
        (" can ", " cannot "),
        (" can't ", " can "),
        (" will ", " will not "),
        (" has been ", " has not been "),
        (" have ", " have not "),
        (" was ", " was not "),
        ("I'd like to ", "I would not like to "),
        ("I want to ", "I don't want to "),
        ("Yes", "No"),
        (" not ", " "),
        ("please ", "please do not "),
        (" would ", " would not "),
        (" now ", " not "),
        ("I've ", "I have not "),
    ];

    public static string? Negated(string text, SeededRandom random)
    {
        var fitting = Negations.Where(n => text.Contains(n.From, StringComparison.Ordinal)).ToArray();
        if (fitting.Length == 0)
            return null;
        var (from, to) = random.Pick(fitting);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
    }

    public static string? Matched(Regex what, string text, SeededRandom random, Func<string, string?> instead)
    {
        var found = what.Matches(text);
        if (found.Count == 0)
            return null;
        var one = found[random.Next(found.Count)];
        return instead(one.Value) is { } other ? Put(text, one, other) : null;
    }

    public static string Put(string text, Match at, string other) =>
        string.Concat(text.AsSpan(0, at.Index), other, text.AsSpan(at.Index + at.Length));

    public static string? StrangeDigit(string value, SeededRandom random)
    {
        var digits = Enumerable.Range(0, value.Length).Where(i => char.IsAsciiDigit(value[i])).ToArray();
        if (digits.Length == 0)
            return null;
        var characters = value.ToCharArray();
        var at = random.Pick(digits);
        characters[at] = (char)('1' + ((characters[at] - '0' + random.Between(0, 7)) % 9));
        return new(characters);
    }

    [GeneratedRegex(@"(?<![\w#.:-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w:-])")]
    public static partial Regex Number();

    [GeneratedRegex(
        @"\b\d{4}-\d{2}-\d{2}\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
            + @"|December) \d{1,2}(?:, \d{4})?"
    )]
    public static partial Regex Date();

    [GeneratedRegex(@"#?[A-Za-z_]*\d{4,}\w*")]
    public static partial Regex Id();

    [GeneratedRegex(@"\b[A-Za-z]{3,}\b")]
    public static partial Regex Words();

    [GeneratedRegex(@"#?\b[A-Za-z_]*\d[\w.-]*\w|\b\d\b")]
    public static partial Regex Value();

    [GeneratedRegex(@"[.!?](?=\s)\s*|\n+")]
    public static partial Regex End();
}
