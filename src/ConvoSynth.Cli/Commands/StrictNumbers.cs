using System.CommandLine;
using System.CommandLine.Parsing;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// Makes every numeric option parse as specs do: the parser's own conversion drops commas, so that 2,50 would become 250.
/// </summary>
internal static class StrictNumbers
{
    public static void Apply(Command command)
    {
        foreach (var option in command.Options)
            Apply(option);
        foreach (var inner in command.Subcommands)
            Apply(inner);
    }

    private static void Apply(Option option)
    {
        switch (option)
        {
            case Option<int> number:
                number.CustomParser = r => Read(r, Whole, Number.Whole) ?? 0;
                break;
            case Option<int?> number:
                number.CustomParser = r => Read(r, Whole, Number.Whole);
                break;
            case Option<long> number:
                number.CustomParser = r => Read(r, SpecValues.WholeOf, Number.Whole) ?? 0;
                break;
            case Option<long?> number:
                number.CustomParser = r => Read(r, SpecValues.WholeOf, Number.Whole);
                break;
            case Option<double> number:
                number.CustomParser = r => Read(r, SpecValues.FractionOf, Number.Any) ?? 0;
                break;
            case Option<double?> number:
                number.CustomParser = r => Read(r, SpecValues.FractionOf, Number.Any);
                break;
            case Option<decimal> number:
                number.CustomParser = r => Read(r, SpecValues.AmountOf, Number.Any) ?? 0;
                break;
            case Option<decimal?> number:
                number.CustomParser = r => Read(r, SpecValues.AmountOf, Number.Any);
                break;
        }
    }

    private static int? Whole(string text) =>
        SpecValues.WholeOf(text) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : null;

    private static T? Read<T>(ArgumentResult result, Func<string, T?> read, Number wanted)
        where T : struct
    {
        if (result.Tokens is not [var token])
            return null;
        if (read(token.Value) is { } value)
            return value;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} is \"{token.Value}\"; " + $"it must be {Example(wanted)}");
        return null;
    }

    private static string Example(Number wanted) =>
        wanted == Number.Whole ? "a whole number such as 10" : "a number such as 2.5, with a point and without commas";

    private enum Number
    {
        Whole,
        Any,
    }
}
