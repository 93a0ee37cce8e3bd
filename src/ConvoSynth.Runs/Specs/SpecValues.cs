using System.Globalization;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Specs;

/// <summary>Values in the notation of specs.</summary>
public static class SpecValues
{
    // Division by it drops trailing zeros.
    private const decimal One = 1.0000000000000000000000000000m;

    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>
    /// A whole number in decimal digits; null for anything else. Options and files parse numbers alike, in every culture.
    /// </summary>
    public static long? WholeOf(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A number with a decimal point and without group separators; null for anything else.</summary>
    public static double? FractionOf(string text) =>
        IsPlain(text) && double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>As <see cref="FractionOf"/>, for money: 0.10 is 0.1.</summary>
    public static decimal? AmountOf(string text) =>
        IsPlain(text) && decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var value) ? value / One : null;

    public static long? Whole(this YamlPart part) => part.Of(WholeOf, "a whole number");

    public static int? Whole32(this YamlPart part) =>
        part.Of(
            static t => WholeOf(t) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : (int?)null,
            $"a whole number up to {int.MaxValue}"
        );

    public static double? Fraction(this YamlPart part) => part.Of(FractionOf, "a number such as 2.5");

    public static decimal? Amount(this YamlPart part) => part.Of(AmountOf, "a number such as 2.5");

    public static TimeSpan? Duration(this YamlPart part) => part.Of(DurationOf, "a duration such as 90s, 30m or 12h");

    /// <summary>A number with its unit, <c>s</c>, <c>m</c> or <c>h</c>; null for anything else.</summary>
    public static TimeSpan? DurationOf(string text)
    {
        if (text.Length < 2 || FractionOf(text[..^1]) is not { } value)
            return null;
        var seconds = text[^1] switch
        {
            's' => value,
            'm' => value * 60,
            'h' => value * 3600,
            _ => double.NaN,
        };
        return seconds >= 0 && seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static T? Of<T>(this YamlPart part, Func<string, T?> read, string wanted)
        where T : struct
    {
        if (read(part.Text) is { } value)
            return value;
        part.Fail($"{wanted} is wanted here, not \"{part.Text}\"");
        return null;
    }

    // .NET's parser accepts NaN and Infinity in any style.
    private static bool IsPlain(string text) => text.All(static c => char.IsAsciiDigit(c) || c is '.' or '-' or '+');

    public static T? OneOf<T>(this YamlPart part, params ReadOnlySpan<(string Name, T Value)> values)
        where T : struct
    {
        foreach (var (name, value) in values)
        {
            if (name == part.Text)
                return value;
        }

        var names = new List<string>();
        foreach (var (name, _) in values)
            names.Add(name);
        part.Fail($"\"{part.Text}\" is not known here; it is one of {string.Join(", ", names)}");
        return null;
    }
}
