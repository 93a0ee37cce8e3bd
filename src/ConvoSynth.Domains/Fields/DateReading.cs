using System.Globalization;
using System.Text.RegularExpressions;

namespace ConvoSynth.Domains;

/// <summary>The forms of dates in a text.</summary>
internal static partial class DateReading
{
    public static readonly string[] Months =
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    public static DateOnly? Date(string month, string day, string year, int orElse)
    {
        var m = Array.FindIndex(Months, n => n.StartsWith(month[..3], StringComparison.OrdinalIgnoreCase)) + 1;
        var d = int.Parse(day, CultureInfo.InvariantCulture);
        var y = year.Length == 4 ? int.Parse(year, CultureInfo.InvariantCulture) : orElse;
        return m > 0 && d >= 1 && d <= DateTime.DaysInMonth(y, m) ? new(y, m, d) : null;
    }

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b")]
    internal static partial Regex IsoDate();

    [GeneratedRegex(@"\b" + FieldValues.MonthNames + @"\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\b", RegexOptions.IgnoreCase)]
    public static partial Regex MonthFirst();

    [GeneratedRegex(
        @"\b(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+" + FieldValues.MonthNames + @"\.?(?:,?\s+(\d{4}))?\b",
        RegexOptions.IgnoreCase
    )]
    public static partial Regex DayFirst();

    [GeneratedRegex(@"\b\d{1,2}/\d{1,2}/\d{4}\b")]
    public static partial Regex SlashDate();
}
