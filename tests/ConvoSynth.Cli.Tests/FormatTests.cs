using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ConvoSynth.Cli.Tests;

/// <summary>Run folders of other versions, and shards that are read without a check.</summary>
public sealed class FormatTests(FinishedRun run) : IClassFixture<FinishedRun>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_says_its_format_and_what_wrote_it()
    {
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Path, "run.json")))!.AsObject();

        spec.Select(p => p.Key).Take(2).Should().Equal("format", "writer");
        ((int)spec["format"]!).Should().Be(5);
        ((string)spec["writer"]!).Should().MatchRegex(@"^convosynth \d+\.\d+\.\d+, Parquet\.Net \d+\.\d+\.\d+$");
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(6, 6)]
    public async Task A_run_of_another_format_is_not_resumed(int? written, int format)
    {
        var copy = Copy(written);

        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "retail",
            "--count",
            "40",
            "--seed",
            "4",
            "--fault-rate",
            "0.5",
            "--out",
            copy,
            "--resume"
        );

        ran.Sentence()
            .Should()
            .Be(
                $"{Path.Combine(copy, "run.json")} has the format {format}, and this program writes 5: "
                    + "a run ends in the format that it was begun in; "
                    + "go on with the version that began it, or make another run with another --out"
            );
    }

    [Fact]
    public async Task A_run_of_a_later_format_is_refused_by_every_command_that_reads_it()
    {
        var copy = Copy(6);

        foreach (var command in Reading(copy))
        {
            (await Convosynth.Run(command))
                .Sentence()
                .Should()
                .MatchRegex(
                    $@"^{Regex.Escape(Path.Combine(copy, "run.json"))} has the format 6, and this program reads up to 5: "
                        + @"read it with the version that wrote it \(convosynth [0-9.]+, Parquet\.Net [0-9.]+\), or a later one$"
                );
        }

        Directory.Exists(_folder.At("out")).Should().BeFalse();
    }

    [Fact]
    public async Task Of_a_run_of_an_earlier_format_rows_are_compared_and_all_else_is_read()
    {
        var copy = Copy(null);

        var played = await Convosynth.Run("replay-run", copy);
        var changed = await Convosynth.Run("verify", copy, "--out", _folder.At("out"));

        played.ExitCode.Should().Be(0, played.Errors);
        played
            .Output.Trim()
            .Should()
            .MatchRegex(
                "^.*: played from its built-in models, [0-9]+ rows came out the same; "
                    + "its format is 1 and shards are written in format 5 now, so rows were compared and not bytes$"
            );
        changed.Output.Should().Contain("\n0 of ");
        (await Convosynth.Run("summary", copy)).ExitCode.Should().Be(0);
        (await Convosynth.Run("show", copy, "--first")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Of_a_run_of_an_earlier_format_the_first_other_row_is_told()
    {
        var copy = Copy(1);
        var spec = Path.Combine(copy, "run.json");
        var text = await File.ReadAllTextAsync(spec);
        await File.WriteAllTextAsync(spec, text.Replace("\"seed\": 4", "\"seed\": 5", StringComparison.Ordinal));

        var played = await Convosynth.Run("replay-run", copy);

        played.ExitCode.Should().Be(1);
        played.Output.Should().Contain("the accepted rows came out differently: the row ");
    }

    [Fact]
    public async Task A_damaged_shard_is_found_before_its_first_row_unless_that_is_waived()
    {
        var copy = Copy(5);
        var shard = Path.Combine(copy, "accepted", "train-00000-00000.parquet");
        var bytes = await File.ReadAllBytesAsync(shard);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(shard, bytes);

        foreach (var command in Reading(copy))
        {
            (await Convosynth.Run(command)).Sentence().Should().StartWith($"'{shard}' is a corrupt shard: its SHA-256 is ");
            (await Convosynth.Run([.. command, "--no-check"])).Errors.Should().NotContain("SHA-256").And.NotContain("defect");
        }
    }

    private string[][] Reading(string path) =>
        [
            ["summary", path],
            ["show", path, "--first"],
            ["replay-run", path],
            ["verify", path, "--out", _folder.At("out")],
        ];

    private string Copy(int? format)
    {
        var copy = _folder.At("run");
        foreach (var file in Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(run.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(copy, "run.json")))!.AsObject();
        spec.Remove("format");
        if (format is { } number)
            spec["format"] = number;
        File.WriteAllText(Path.Combine(copy, "run.json"), spec.ToJsonString(new() { WriteIndented = true }));
        return copy;
    }
}
