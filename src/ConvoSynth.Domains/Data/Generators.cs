using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>
/// The closed set of value generators. Generators that read other rows are in <see cref="RowGenerators"/>, and those of names in
/// <see cref="NameGenerators"/>.
/// </summary>
internal sealed partial class Generators(
    DateTimeOffset now,
    Func<string, IReadOnlyList<string>> lines,
    RowGenerators rows,
    NameGenerators names
)
{
    /// <summary>Generators that may be written without parentheses.</summary>
    public static readonly IReadOnlySet<string> Words = new HashSet<string>(StringComparer.Ordinal)
    {
        "surname",
        "first_name",
        "full_name",
        "email",
        "street",
        "city",
        "zip",
        "phone",
    };

    private int _digits;

    public Recipe Make(string name, List<string> arguments, RecipeText text)
    {
        switch (name)
        {
            case "digits":
                return Digits(arguments);
            case "pick":
                return Pick(arguments);
            case "day":
                return Day(arguments, text);
            case "time":
                return Time(arguments);
            case "int":
                return Whole(arguments, text);
            case "money":
                return Money(arguments);
            case "decimal":
                return Decimal(arguments);
            case "maybe":
                return Maybe(arguments, text);
            case "if":
                return If(arguments, text);
            default:
                return names.Make(name, arguments, text)
                    ?? rows.Make(name, arguments, text)
                    ?? throw new ToolError(
                        $"\"{name}\" is no generator; there are surname first_name full_name email street city zip phone digits "
                            + "pick phrase day time int money decimal maybe if ref count sum add times, and N%"
                    );
        }
    }

    // digits(8): unique among rows; digits(4, repeats): duplicates are allowed.
    private Recipe Digits(List<string> arguments)
    {
        var repeats = arguments.Remove("repeats");
        if (
            arguments is not [var count]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is < 1 or > 18
        )
            throw new ToolError("digits wants how many, 1 to 18: digits(8)");
        var set = $"digits {++_digits}";
        return Recipe.Now(row =>
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var text = string.Create(
                    length,
                    row.Random,
                    (span, random) =>
                    {
                        for (var i = 0; i < span.Length; i++)
                            span[i] = (char)('0' + (i == 0 ? random.Between(1, 9) : random.Next(10)));
                    }
                );
                if (repeats || row.Claim(set, text))
                    return text;
            }

            throw new ToolError($"digits({length}) has too few values for so many rows");
        });
    }

    // pick(a|b*3|null): b is three times as likely; pick(file.txt): a line of a text file of the pack.
    private Recipe Pick(List<string> arguments)
    {
        if (arguments is not [var text])
            throw new ToolError("pick wants choices, pick(red|blue), or a file, pick(titles.txt)");
        if (text.EndsWith(".txt", StringComparison.Ordinal))
        {
            var all = lines(text);
            return all.Count > 0 ? Recipe.Now(row => row.Random.Pick(all)) : throw new ToolError($"{text} is empty");
        }

        var choices = new List<Json>();
        foreach (var choice in text.Split('|', StringSplitOptions.TrimEntries))
        {
            var weighted = Weighted().Match(choice);
            var value = YamlPart.PlainValue(weighted.Success ? weighted.Groups[1].Value : choice);
            choices.AddRange(
                Enumerable.Repeat(value, weighted.Success ? int.Parse(weighted.Groups[2].Value, CultureInfo.InvariantCulture) : 1)
            );
        }

        return choices.Count > 0 ? Recipe.Now(row => row.Random.Pick(choices)) : throw new ToolError("every choice has the weight 0");
    }

    // day(-21..21) counts from the clock's date; day(0..14, from=due) from the date in another field; zero=10% makes that day itself
    // likelier.
    private Recipe Day(List<string> arguments, RecipeText text)
    {
        var from = GeneratorArguments.Option(arguments, "from") is { } field ? text.PathOf(field) : null;
        var zero = GeneratorArguments.Share(arguments, "zero");
        var (low, high) = GeneratorArguments.Range(arguments, "day");
        var today = DateOnly.FromDateTime(now.DateTime);
        return Recipe.Now(row =>
        {
            var start = today;
            if (from is not null && !FieldValues.TryDate(row.Read(from).Text ?? "", out start))
                throw new ToolError($"{from} holds {row.Read(from)}, which is no date");
            return start
                .AddDays(row.Random.Chance(zero) ? 0 : row.Random.Between(low, high))
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        });
    }

    // time(9..20, step=30): minutes are multiples of the step, and 20:00 is the latest.
    private static Recipe Time(List<string> arguments)
    {
        var step = GeneratorArguments.WholeOption(arguments, "step") ?? 30;
        var (low, high) = GeneratorArguments.Range(arguments, "time");
        if (low < 0 || high > 23 || step < 1)
            throw new ToolError("time wants hours from 0 to 23 and a step of at least a minute: time(9..20, step=30)");
        var steps = (high - low) * 60 / step;
        return Recipe.Now(row =>
        {
            var minutes = (low * 60) + (row.Random.Between(0, steps) * step);
            return $"{minutes / 60:D2}:{minutes % 60:D2}";
        });
    }

    // int(0..3, zero=40%); int(2..16, max=seats) is bounded by another field.
    private static Recipe Whole(List<string> arguments, RecipeText text)
    {
        var zero = GeneratorArguments.Share(arguments, "zero");
        var max = GeneratorArguments.Option(arguments, "max") is { } field ? text.PathOf(field) : null;
        var (low, high) = GeneratorArguments.Range(arguments, "int");
        return Recipe.Now(row =>
        {
            if (row.Random.Chance(zero))
                return 0;
            if (max is null)
                return row.Random.Between(low, high);
            var cap = (int)(row.Read(max).Number ?? throw new ToolError($"{max} holds {row.Read(max)}, which is no number"));
            return row.Random.Between(Math.Min(low, cap), Math.Min(high, cap));
        });
    }

    // money(0..25, zero=60%, step=0.05): to the cent, or to the step.
    private static Recipe Money(List<string> arguments)
    {
        var zero = GeneratorArguments.Share(arguments, "zero");
        var step = GeneratorArguments.Option(arguments, "step") is { } text ? GeneratorArguments.Cents(text) : 1;
        if (arguments is not [var range] || range.Split("..") is not [var from, var to])
            throw new ToolError("money wants a range: money(0..25)");
        var (low, high) = (GeneratorArguments.Cents(from), GeneratorArguments.Cents(to));
        if (high < low || step < 1)
            throw new ToolError($"money({range}) is no range from low to high");
        return Recipe.Now(row => row.Random.Chance(zero) ? 0.0 : (low + (row.Random.Between(0, (high - low) / step) * step)) / 100m);
    }

    // decimal(0.5..40, step=0.1): whole steps from the lower bound.
    private static Recipe Decimal(List<string> arguments)
    {
        var step = GeneratorArguments.Option(arguments, "step") is { } text ? GeneratorArguments.Exact(text) : 0.1m;
        if (arguments is not [var range] || range.Split("..") is not [var from, var to])
            throw new ToolError("decimal wants a range: decimal(0.5..40, step=0.1)");
        var (low, high) = (GeneratorArguments.Exact(from), GeneratorArguments.Exact(to));
        if (high < low || step <= 0 || (high - low) / step > int.MaxValue - 1)
            throw new ToolError($"decimal({range}, step={step}) is no range from low to high in steps");
        var steps = (int)((high - low) / step);
        return Recipe.Now(row => low + (row.Random.Between(0, steps) * step));
    }

    // maybe(30%, day(-3..3)): null in the other 70%.
    private static Recipe Maybe(List<string> arguments, RecipeText text)
    {
        if (arguments is not [var share, var value])
            throw new ToolError("maybe wants a share and a value: maybe(30%, day(-3..3))");
        var (chance, recipe) = (text.Read(share), text.Read(value));
        return new(row => chance.Draw(row).Flag == true ? recipe.Draw(row) : Json.Null, recipe.IsLate);
    }

    // if(status=paid, day(-30..0), null)
    private static Recipe If(List<string> arguments, RecipeText text)
    {
        if (arguments is not [var condition, var then, var otherwise])
            throw new ToolError("if wants a condition and two values: if(status=ready, day(1..5), null)");
        var holds = RecipeText.Condition(condition, path => text.PathOf(path));
        var (yes, no) = (text.Read(then), text.Read(otherwise));
        return new(row => holds(row.Read) ? yes.Draw(row) : no.Draw(row), yes.IsLate || no.IsLate);
    }

    [GeneratedRegex(@"^(.*\S)\s*\*(\d+)$")]
    private static partial Regex Weighted();
}
