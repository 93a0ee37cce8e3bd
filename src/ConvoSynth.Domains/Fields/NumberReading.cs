using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ConvoSynth.Domains;

/// <summary>The numbers and amounts that a text states, in digits or in words.</summary>
internal static partial class NumberReading
{
    private static readonly string[] SmallNumbers = NumberWords.UpTo(12);

    private static readonly SearchValues<string> AnySmallNumber = SearchValues.Create(SmallNumbers, StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<double> ReadNumbers(string text)
    {
        if (text.Contains('-'))
            text = DateReading.IsoDate().Replace(text, " ");
        foreach (Match match in text.AsSpan().ContainsAnyInRange('0', '9') ? Number().Matches(text) : Enumerable.Empty<Match>())
        {
            if (
                double.TryParse(
                    match.Value.Replace(",", "", StringComparison.Ordinal),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var value
                )
            )
                yield return value;
        }

        if (!text.AsSpan().ContainsAny(AnySmallNumber))
            yield break;
        for (var i = 0; i < SmallNumbers.Length; i++)
        {
            if (FieldValues.ContainsToken(text, SmallNumbers[i]))
                yield return i;
        }
    }

    public static bool HasAmount(double[] amounts, double wanted)
    {
        foreach (var amount in amounts)
        {
            if (Math.Abs(amount - wanted) < 0.005)
                return true;
        }

        return false;
    }

    public static bool HasNumber(double[] numbers, double wanted)
    {
        foreach (var number in numbers)
        {
            if (number.Equals(wanted))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w])")]
    private static partial Regex Number();
}
