using System.Globalization;

namespace ConvoSynth.Export.Privacy;

/// <summary>Check digits. A random number passes a check of two digits once in about a hundred, and Luhn's once in ten.</summary>
internal static class Checksums
{
    /// <summary>Luhn's check, on a number with the prefix and length of a card network.</summary>
    public static bool IsCard(string digits)
    {
        var two = int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture);
        var isOfNetwork = digits.Length switch
        {
            13 or 19 => digits[0] == '4',
            14 => two is 30 or 36 or 38 or 39,
            15 => two is 34 or 37,
            16 => digits[0] == '4' || two is (>= 51 and <= 55) or (>= 22 and <= 27) or 35 or 60 or 62 or 64 or 65,
            _ => false,
        };
        if (!isOfNetwork)
            return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum +=
                i % 2 == 0 ? digit
                : digit > 4 ? digit * 2 - 9
                : digit * 2;
        }

        return sum % 10 == 0;
    }

    public static bool IsIban(string text)
    {
        if (text.Length is < 15 or > 34)
            return false;
        var rest = 0;
        foreach (var c in text[4..] + text[..4])
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : char.ToUpperInvariant(c) - 'A' + 10;
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }

        return rest == 1;
    }

    public static bool IsSpanish(string text)
    {
        var digits = "xyz".IndexOf(text[0], StringComparison.Ordinal) is >= 0 and var first ? $"{first}{text[1..^1]}" : text[..^1];
        return "trwagmyfpdxbnjzsqvhlcke"[int.Parse(digits, CultureInfo.InvariantCulture) % 23] == text[^1];
    }

    public static bool IsFrench(string digits) =>
        97 - long.Parse(digits.AsSpan(0, 13), CultureInfo.InvariantCulture) % 97
        == int.Parse(digits.AsSpan(13), CultureInfo.InvariantCulture);

    public static bool IsBrazilian(string digits) =>
        digits.Distinct().Count() > 1 && Digit(digits, 9) == digits[9] - '0' && Digit(digits, 10) == digits[10] - '0';

    private static int Digit(string digits, int count)
    {
        var sum = Enumerable.Range(0, count).Sum(i => (digits[i] - '0') * (count + 1 - i));
        return sum * 10 % 11 % 10;
    }
}
