using System.Globalization;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>A day in the words of a message.</summary>
/// <param name="First">Index of its first word.</param>
/// <param name="Last">Index of its last word.</param>
/// <param name="Day">Null for an impossible day: March 53.</param>
internal readonly record struct SaidDay(int First, int Last, DateOnly? Day);

/// <summary>
/// Finds the days in a message: <c>2031-03-04</c>, <c>March 4, 2031</c>, <c>4 March</c>. A missing year is the clock's.
/// </summary>
internal static class SaidDays
{
    private const int YearDigits = 4;
    private const int LongestMonth = 9;
    private const int DaysOfMonth = 31;

    private static readonly string[] Months =
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];

    public static List<SaidDay> In(Trace trace, AgentText text)
    {
        var days = new List<SaidDay>();
        var words = text.Words;
        for (var i = 0; i < words.Count; i++)
        {
            if (
                i + 2 < words.Count
                && words[i].Length == YearDigits
                && Number(text[words[i]]) is { } year
                && Joined(text, i)
                && Joined(text, i + 1)
                && Number(text[words[i + 1]]) is { } month
                && Number(text[words[i + 2]]) is { } day
            )
            {
                days.Add(new(i, i + 2, Make(year, month, day)));
                i += 2;
            }
            else if (Month(text[words[i]]) is > 0 and var named)
            {
                i = AddNamed(trace, text, i, named, days);
            }
        }

        return days;
    }

    /// <summary>Whether the day is an expected answer of the task, which may be computed in any way.</summary>
    public static bool IsExpected(Trace trace, DateOnly day)
    {
        foreach (var output in trace.Blueprint.Outputs)
        {
            if (output.Type == "date" && FieldValues.TryDate(output.Value.Text ?? "", out var expected) && expected == day)
                return true;
        }

        return false;
    }

    // "March 4, 2031", "4th of March": the day behind the month or before it.
    private static int AddNamed(Trace trace, AgentText text, int at, int month, List<SaidDay> days)
    {
        var words = text.Words;
        var (first, last) = (at, at);
        if (
            at + 1 < words.Count
            && words[at + 1].Sentence == words[at].Sentence
            && Number(text[words[at + 1]]) is { } day
            && words[at + 1].Length <= 2
        )
        {
            last = at + 1;
        }
        else
        {
            var before = at - 1;
            if (before >= 0 && text[words[before]].Equals("of", StringComparison.OrdinalIgnoreCase))
                before--;
            if (
                before < 0
                || words[before].Sentence != words[at].Sentence
                || Number(text[words[before]]) is not { } found
                || found > DaysOfMonth
            )
                return at;
            (first, day) = (before, found);
        }

        var year = trace.Pack.Domain.Clock.Year;
        if (
            last + 1 < words.Count
            && words[last + 1].Length == YearDigits
            && words[last + 1].Start - words[last].End <= 2
            && Number(text[words[last + 1]]) is { } said
        )
            (year, last) = (said, last + 1);
        days.Add(new(first, last, Make(year, month, day)));
        return last;
    }

    private static DateOnly? Make(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new(year, month, day)
            : null;

    private static bool Joined(AgentText text, int word) =>
        text.Words[word + 1].Start == text.Words[word].End + 1 && text.Text[text.Words[word].End] == '-';

    // "4", "4th".
    private static int? Number(ReadOnlySpan<char> word)
    {
        if (word.Length > 2 && char.IsAsciiLetter(word[^1]) && char.IsAsciiDigit(word[0]))
            word = word[..^2];
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int Month(ReadOnlySpan<char> word)
    {
        if (word.Length is < 3 or > LongestMonth || !char.IsAsciiLetterUpper(word[0]))
            return 0;
        for (var m = 0; m < Months.Length; m++)
        {
            if (Months[m].AsSpan().StartsWith(word, StringComparison.OrdinalIgnoreCase))
                return m + 1;
        }

        return 0;
    }
}
