using System.Globalization;

namespace ConvoSynth.Domains;

/// <summary>The arguments of a generator in <c>data.yaml</c>, checked as they are read.</summary>
internal static class GeneratorArguments
{
    public static decimal Exact(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ToolError($"{text} is no number");

    internal static string? Option(List<string> arguments, string name)
    {
        var at = arguments.FindIndex(a => a.StartsWith(name + "=", StringComparison.Ordinal));
        if (at < 0)
            return null;
        var value = arguments[at][(name.Length + 1)..].Trim();
        arguments.RemoveAt(at);
        return value;
    }

    public static int? WholeOption(List<string> arguments, string name) =>
        Option(arguments, name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw new ToolError($"{name} is a whole number, not {text}");

    public static double Share(List<string> arguments, string name) =>
        Option(arguments, name) is not { } text ? 0
        : text.EndsWith('%')
        && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
        && share <= 100
            ? share / 100
        : throw new ToolError($"{name} is a share such as 60%, not {text}");

    public static (int Low, int High) Range(List<string> arguments, string name) =>
        arguments is [var text]
        && text.Split("..") is [var from, var to]
        && int.TryParse(from, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var low)
        && int.TryParse(to, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var high)
        && low <= high
            ? (low, high)
            : throw new ToolError($"{name} wants a range from low to high: {name}(1..9)");

    public static int Cents(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (int)Math.Round(value * 100)
            : throw new ToolError($"{text} is no amount of money");
}
