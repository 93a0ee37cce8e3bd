using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>A number or a date and where it stands in a text.</summary>
internal readonly record struct ValueSpan(int Start, int End, double? Number, DateOnly? Date)
{
    /// <summary>How long a date is in words at most.</summary>
    private const int LongestDate = 20;

    /// <summary>Numbers in digits, in order.</summary>
    public static List<ValueSpan> Numbers(string text)
    {
        var spans = new List<ValueSpan>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]) || (i > 0 && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] is '#' or '_' or '.'))) continue;
            var end = i;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] is ',' or '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))) end++;
            if (end == text.Length || !char.IsLetter(text[end]))
            {
                if (double.TryParse(text.AsSpan(i, end - i), NumberStyles.Number, CultureInfo.InvariantCulture, out var value)) spans.Add(new(i > 0 && text[i - 1] == '$' ? i - 1 : i, end, value, null));
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
            if (!char.IsLetterOrDigit(text[i]) || (i > 0 && char.IsLetterOrDigit(text[i - 1]))) continue;
            // The shortest stretch that holds a date and is followed by no more of it.
            var most = Math.Min(text.Length, i + LongestDate);
            var window = text[i..most];
            if (FieldValues.Dates(window, year).Cast<DateOnly?>().FirstOrDefault() is not { } found) continue;
            var end = i + 4;
            while (end < most && !FieldValues.Dates(text[i..end], year).Contains(found)) end++;
            if (FieldValues.Dates(text[Math.Min(text.Length, i + 1)..most], year).Contains(found) && !StartsDate(text, i)) continue;
            spans.Add(new(i, end, null, found));
            i = end - 1;
        }

        return spans;
    }

    private static bool StartsDate(string text, int at) => char.IsAsciiDigit(text[at]) || FieldValues.Dates(text[at..Math.Min(text.Length, at + 3)] + " 1", 1).Any();
}
