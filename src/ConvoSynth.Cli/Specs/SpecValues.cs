using System.Globalization;
using ConvoSynth.Domains;

namespace ConvoSynth.Cli.Specs;

/// <summary>Values as specs write them.</summary>
internal static class SpecValues
{
    public static long? Whole(this YamlPart part)
    {
        if (long.TryParse(part.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
        part.Fail($"a whole number is wanted here, not \"{part.Text}\"");
        return null;
    }

    public static double? Fraction(this YamlPart part)
    {
        if (double.TryParse(part.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return value;
        part.Fail($"a number is wanted here, not \"{part.Text}\"");
        return null;
    }

    /// <summary>A span of time.</summary>
    public static TimeSpan? Duration(this YamlPart part)
    {
        if (DurationOf(part.Text) is { } value) return value;
        part.Fail($"a duration such as 90s, 30m or 12h is wanted here, not \"{part.Text}\"");
        return null;
    }

    /// <summary>A number with its unit, <c>s</c>, <c>m</c> or <c>h</c>; null for anything else.</summary>
    public static TimeSpan? DurationOf(string text)
    {
        if (text.Length < 2 || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(value),
            'm' => TimeSpan.FromMinutes(value),
            'h' => TimeSpan.FromHours(value),
            _ => null,
        };
    }

    public static T? OneOf<T>(this YamlPart part, params ReadOnlySpan<(string Name, T Value)> values)
        where T : struct
    {
        foreach (var (name, value) in values)
        {
            if (name == part.Text) return value;
        }

        var names = new List<string>();
        foreach (var (name, _) in values) names.Add(name);
        part.Fail($"\"{part.Text}\" is not known here; it is one of {string.Join(", ", names)}");
        return null;
    }
}
