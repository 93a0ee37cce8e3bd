using System.Globalization;

namespace ConvoSynth.Domains;

/// <summary>Whole numbers in English words.</summary>
internal static class NumberWords
{
    // csharpier-ignore - a table of words is read by rows
    private static readonly string[] Ones =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>The words of the numbers from 0 up to another, by number.</summary>
    /// <param name="last">Up to 19.</param>
    public static string[] UpTo(int last) => Ones[..(last + 1)];

    /// <summary>A number in words; in digits, if it has a fraction or is not from 0 to 99.</summary>
    public static string Of(double number)
    {
        if (number is < 0 or >= 100 || !double.IsInteger(number))
            return number.ToString("0.##", CultureInfo.InvariantCulture);
        var whole = (int)number;
        if (whole < Ones.Length)
            return Ones[whole];
        return whole % 10 == 0 ? Tens[whole / 10] : $"{Tens[whole / 10]}-{Ones[whole % 10]}";
    }
}
