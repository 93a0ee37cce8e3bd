using System.CommandLine;
using System.Globalization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Docs.Tests;

/// <summary>The table of a run's options says what the program declares.</summary>
public sealed class RunOptionTests
{
    private static readonly string[] NoValues = ["endpoints", "roles"];

    // What the command does, in contrast to what the run is.
    private static readonly string[] OfTheCommand =
    [
        "--spec",
        "--model",
        "--no-probe",
        "--out",
        "--resume",
        "--latency-ms",
        "--cluster",
        "--packs",
        "--config",
        "--json",
    ];

    public static TheoryData<string> Keys => [.. RunOptions.All.Select(o => o.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_row_names_the_option_its_default_and_its_range(string key)
    {
        var option = RunOptions.All.Single(o => o.Key == key);
        // Limits of the budget share a row; other groups have a row for each key.
        var start = key.Split('.') switch
        {
            ["budget", _] => "`budget:",
            [var group, var inner] => $"`{group}: {inner}`",
            _ => $"`{key}`",
        };
        var row = Rows().Single(r => r[0].StartsWith(start, StringComparison.Ordinal));

        row[0].Should().Contain(key.Split('.')[^1]);
        row[1].Should().Contain(option.Name is null ? "none" : $"`{option.Name}`");
        if (option.Usual is { } usual)
            row[2].Should().MatchRegex($"^`?{System.Text.RegularExpressions.Regex.Escape(Text(usual))}(\\D|$)");
        if (RangeOf(key) is { } range)
            row[2].Replace(",", "", StringComparison.Ordinal).Should().Contain(range);
    }

    [Fact]
    public void Every_key_of_the_table_is_declared() =>
        Rows()
            .Select(r => r[0].Split(':')[0].Trim('`'))
            .Where(k => k is not ("budget" or "proposals") && k != "endpoints`, `roles")
            .Should()
            .BeSubsetOf(RunOptions.All.Select(o => o.Key))
            .And.HaveCountGreaterThan(10);

    [Fact]
    public void Every_option_is_on_the_command_line_or_says_why_not()
    {
        var generate = CommandTests.Root().Subcommands.Single(c => c.Name == "generate");

        RunOptions.All.Should().OnlyContain(o => o.Name == null != (o.FileOnly == null));
        generate
            .Options.Select(o => o.Name)
            .Should()
            .BeEquivalentTo(RunOptions.All.Select(o => o.Name).OfType<string>().Concat(OfTheCommand));
        foreach (var option in RunOptions.All.Where(o => o.Name is not null))
            generate.Options.Single(o => o.Name == option.Name).Description.Should().Be(option.About);
        Rows().Select(r => r[0]).Should().Contain(r => NoValues.All(n => r.Contains($"`{n}`", StringComparison.Ordinal)));
    }

    private static string? RangeOf(string key) =>
        key switch
        {
            "fault_rate" or "error_rate" => Spoken(RunBounds.Share),
            "further_attempts" => Spoken(RunBounds.FurtherAttempts),
            "partition_size" => Spoken(RunBounds.PartitionSize),
            "concurrency" => Spoken(RunBounds.Concurrency),
            _ => null,
        };

    private static string Spoken<T>(Bounds<T> bounds)
        where T : struct, IComparable<T>, IFormattable => $"{bounds}".Replace("from ", "", StringComparison.Ordinal);

    private static string Text(object usual) =>
        usual is string[] list ? $"[{string.Join(", ", list)}]"
        : usual is bool flag ? (flag ? "true" : "false")
        : Convert.ToString(usual, CultureInfo.InvariantCulture)!;

    private static IEnumerable<string[]> Rows() => Document.Rows(Document.Of("docs/models.md").Section("The spec"));
}
