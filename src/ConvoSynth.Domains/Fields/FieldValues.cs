using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// The only parser and formatter of each field type. Outputs, claims, confirmation and grounding all ask here whether a text states a
/// value. The words of dialogues are written here too, so every part can parse what another part wrote.
/// </summary>
public static partial class FieldValues
{
    private static readonly TextMemo<DatesRead> DatesOf = new(static _ => new());
    private static readonly TextMemo<double[]> NumbersOf = new(static t => [.. NumberReading.ReadNumbers(t)]);
    private static readonly TextMemo<double[]> AmountsOf = new(static t =>
        t.Contains("-$", StringComparison.Ordinal)
            ? [.. NumbersOf[t], .. NumberReading.ReadNumbers(t.Replace("-$", "-", StringComparison.Ordinal))]
            : NumbersOf[t]
    );
    private static readonly TextMemo<string> WordsOf = new(Words);

    /// <summary>The value as people say it: <c>$12.50</c>, <c>March 4, 2031</c>, <c>color: red, size: M</c>.</summary>
    public static string Say(string type, Json value) =>
        value switch
        {
            JsonNumber number when type == "money" => (number.Value < 0 ? "-$" : "$")
                + Math.Abs(number.Value).ToString("0.00", CultureInfo.InvariantCulture),
            JsonNumber => value.ToCanonicalString(),
            JsonText text when type == "date" && TryDate(text.Value, out var date) =>
                $"{DateReading.Months[date.Month - 1]} {date.Day}, {date.Year}",
            JsonBoolean flag => flag.Value ? "yes" : "no",
            JsonText text when type == "enum" => text.Value.Replace('_', ' '),
            JsonText text => text.Value,
            JsonMap map => string.Join(", ", map.Keys.Select((k, i) => $"{k}: {Say("text", map.Values[i])}")),
            JsonList list => string.Join(", ", list.Items.Select(i => Say(type, i))),
            _ => value.ToString(),
        };

    /// <summary>Whether the text states the value, in any spelling that its type allows.</summary>
    public static bool Says(string text, string type, Json value)
    {
        switch (value)
        {
            case JsonList list:
                return list.Items.Count > 0 && list.Items.All(i => Says(text, type, i));
            case JsonMap map:
                return map.Count > 0 && map.Values.All(v => Says(text, type, v));
            case JsonNumber number:
                return type == "money"
                    ? NumberReading.HasAmount(AmountsOf[text], number.Value)
                    : NumberReading.HasNumber(NumbersOf[text], number.Value);
            case JsonBoolean:
                return true;
            case JsonText date when type == "date" && TryDate(date.Value, out var day):
                return DatesOf[text].In(text, day.Year).Contains(day);
            case JsonText id when type is "id" or "ref":
                return ContainsToken(text, id.Value);
            case JsonText other:
                return ContainsWords(text, other.Value);
            default:
                return false;
        }
    }

    /// <summary>All numbers in a text, digits or small number words, without the parts of a date such as 2031-03-04.</summary>
    public static IReadOnlyList<double> Numbers(string text) => NumbersOf[text];

    /// <summary>
    /// All amounts of money in a text: numbers with or without a currency sign. The dash in "-$9.89" may be a minus or a hyphen,
    /// so the text has both -9.89 and 9.89; "$9.89" has no negative amount.
    /// </summary>
    public static IReadOnlyList<double> Amounts(string text) => AmountsOf[text];

    /// <summary>
    /// All dates in a text: <c>2031-03-04</c>, <c>March 4</c>, <c>4 March 2031</c>, <c>03/04/2031</c>; <paramref name="year"/> fills in
    /// a missing year.
    /// </summary>
    public static IEnumerable<DateOnly> Dates(string text, int year)
    {
        if (!text.AsSpan().ContainsAnyInRange('0', '9'))
            yield break;
        foreach (Match match in DateReading.IsoDate().Matches(text))
        {
            if (TryDate(match.Value, out var date))
                yield return date;
        }

        foreach (Match match in DateReading.MonthFirst().Matches(text))
        {
            if (DateReading.Date(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, year) is { } date)
                yield return date;
        }

        foreach (Match match in DateReading.DayFirst().Matches(text))
        {
            if (DateReading.Date(match.Groups[2].Value, match.Groups[1].Value, match.Groups[3].Value, year) is { } date)
                yield return date;
        }

        foreach (Match match in DateReading.SlashDate().Matches(text))
        {
            if (
                DateOnly.TryParseExact(
                    match.Value,
                    ["MM/dd/yyyy", "M/d/yyyy"],
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var date
                )
            )
                yield return date;
        }
    }

    /// <summary>Whether a token occurs in the text as a whole word, ignoring case: <c>L12</c> is not in <c>L123</c>.</summary>
    public static bool ContainsToken(string text, string token)
    {
        if (token.Length == 0)
            return false;
        // Case-folding a whole text is slow with invariant globalization; a search for the first letter in either case is fast.
        var (low, high) = (char.ToLowerInvariant(token[0]), char.ToUpperInvariant(token[0]));
        for (var at = 0; at <= text.Length - token.Length; at++)
        {
            var ahead = text.AsSpan(at, text.Length - token.Length - at + 1).IndexOfAny(low, high);
            if (ahead < 0)
                return false;
            at += ahead;
            var end = at + token.Length;
            if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || (end < text.Length && char.IsLetterOrDigit(text[end])))
                continue;
            if (text.AsSpan(at, token.Length).Equals(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Whether the words of a phrase occur consecutively in the text, ignoring case, blanks and punctuation.</summary>
    public static bool ContainsWords(string text, string phrase)
    {
        var wanted = WordsOf[phrase];
        if (wanted.Length == 0)
            return false;
        var (low, high) = (wanted[0], char.ToUpperInvariant(wanted[0]));
        for (var at = 0; at < text.Length; at++)
        {
            var ahead = text.AsSpan(at).IndexOfAny(low, high);
            if (ahead < 0)
                return false;
            at += ahead;
            if (BeginsWord(text, at) && HasWordsAt(text, at, wanted))
                return true;
        }

        return false;
    }

    // An apostrophe belongs to its word but is not compared: "don't" equals "dont".
    private static bool BeginsWord(string text, int at)
    {
        do at--;
        while (at >= 0 && (text[at] is '\'' or '’'));
        return at < 0 || !char.IsLetterOrDigit(text[at]);
    }

    // Compares in place: a normalised copy of every searched text would cost more than the rest of the search.
    private static bool HasWordsAt(string text, int at, string wanted)
    {
        for (var i = 0; i < wanted.Length; at++)
        {
            if (at == text.Length)
                return false;
            if (text[at] is '\'' or '’')
                continue;
            if (char.IsLetterOrDigit(text[at]))
            {
                if (char.ToLowerInvariant(text[at]) != wanted[i++])
                    return false;
                continue;
            }

            if (wanted[i++] != ' ')
                return false;
            while (at + 1 < text.Length && !char.IsLetterOrDigit(text[at + 1]))
                at++;
        }

        while (at < text.Length && (text[at] is '\'' or '’'))
            at++;
        return at == text.Length || !char.IsLetterOrDigit(text[at]);
    }

    /// <summary>Reads <c>2031-03-04</c>.</summary>
    public static bool TryDate(string text, out DateOnly date)
    {
        date = default;
        // Checks try thousands of texts; the library's parser takes ten times as long.
        if (
            text is not [_, _, _, _, '-', _, _, '-', _, _]
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || !int.TryParse(text.AsSpan(8, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            || year < 1
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
        )
            return false;
        date = new(year, month, day);
        return true;
    }

    private static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                words.Append(char.ToLowerInvariant(c));
            else if (c is '\'' or '’')
                continue;
            else if (words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        }

        return words.ToString().TrimEnd();
    }

    internal const string MonthNames =
        "(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?"
        + "|Nov(?:ember)?|Dec(?:ember)?)";

    /// <summary>The dates of a text for the last year asked for; of one text, the year is nearly always the same.</summary>
    private sealed class DatesRead
    {
        private int _year = -1;
        private DateOnly[] _dates = [];

        public DateOnly[] In(string text, int year)
        {
            if (year == _year)
                return _dates;
            _dates = [.. Dates(text, year)];
            _year = year;
            return _dates;
        }
    }
}
