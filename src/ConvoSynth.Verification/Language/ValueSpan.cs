using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>A number or a date with its position in a text (<paramref name="End"/> is exclusive).</summary>
internal readonly record struct ValueSpan(int Start, int End, double? Number, DateOnly? Date)
{
    /// <summary>Maximum number of characters in a date.</summary>
    private const int LongestDate = 20;

    /// <summary>Numbers in digits, in order, without their sign, since texts express the direction of money in many ways.</summary>
    public static List<ValueSpan> Numbers(string text)
    {
        var spans = new List<ValueSpan>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]) || (i > 0 && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] is '#' or '_' or '.')))
                continue;
            var end = i;
            while (
                end < text.Length
                && (char.IsAsciiDigit(text[end]) || (text[end] is ',' or '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))
            )
                end++;
            if (end == text.Length || !char.IsLetter(text[end]))
            {
                if (double.TryParse(text.AsSpan(i, end - i), NumberStyles.Number, CultureInfo.InvariantCulture, out var value))
                    spans.Add(new(SignedStart(text, i), end, value, null));
            }

            i = end;
        }

        return spans;
    }

    /// <summary>Dates, in order; a missing year is that of <paramref name="like"/>.</summary>
    public static List<ValueSpan> Dates(string text, Json like)
    {
        var year = like is JsonText t && FieldValues.TryDate(t.Value, out var date) ? date.Year : 1;
        var spans = new List<ValueSpan>();
        for (var i = 0; i < text.Length; i++)
        {
            if ((i > 0 && char.IsLetterOrDigit(text[i - 1])) || !MayBegin(text, i))
                continue;
            var most = Math.Min(text.Length, i + LongestDate);
            if (First(text[i..most], year) is not { } found)
                continue;
            // A number before the date does not belong to it: "2 weeks, to March 5".
            var next = i + 1;
            while (next < most && char.IsLetterOrDigit(text[next]))
                next++;
            if (First(text[next..most], year) == found)
                continue;
            var end = next;
            while (end < most && First(text[i..end], year) != found)
                end++;
            // A year may follow the day.
            var rest = text.AsSpan(end);
            var comma =
                rest.StartsWith(", ", StringComparison.Ordinal) ? 2
                : rest.StartsWith(" ", StringComparison.Ordinal) ? 1
                : 0;
            if (comma > 0 && rest.Length >= comma + 4 && !rest.Slice(comma, 4).ContainsAnyExceptInRange('0', '9'))
                end += comma + 4;
            spans.Add(new(i, end, null, found));
            i = end - 1;
        }

        return spans;
    }

    // Includes a currency sign, and a dash before it.
    private static int SignedStart(string text, int digit)
    {
        var start = digit > 0 && text[digit - 1] == '$' ? digit - 1 : digit;
        return start > 0 && text[start - 1] == '-' && (start == 1 || !char.IsLetterOrDigit(text[start - 2])) ? start - 1 : start;
    }

    private static DateOnly? First(string text, int year)
    {
        foreach (var date in FieldValues.Dates(text, year))
            return date;
        return null;
    }

    // A digit, or the first letters of a month.
    private static bool MayBegin(string text, int at)
    {
        if (char.IsAsciiDigit(text[at]))
            return true;
        if (at + 3 > text.Length)
            return false;
        foreach (var month in (ReadOnlySpan<string>)["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        {
            if (text.AsSpan(at, 3).Equals(month, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
