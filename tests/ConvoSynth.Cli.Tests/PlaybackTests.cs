namespace ConvoSynth.Cli.Tests;

/// <summary>A finished run is played again: to the same bytes, or under other checks.</summary>
public sealed class PlaybackTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_comes_out_the_same_byte_for_byte()
    {
        var run = await Made();

        var ran = await Convosynth.Run("replay-run", run, "--out", _folder.At("again"));

        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Trim()
            .Should()
            .MatchRegex("^.*: played from its built-in models, [0-9]+ shards with [0-9]+ rows came out the same, byte for byte$");
        foreach (var shard in Directory.EnumerateFiles(run, "*.parquet", SearchOption.AllDirectories))
            File.ReadAllBytes(Path.Combine(_folder.At("again"), Path.GetRelativePath(run, shard))).Should().Equal(File.ReadAllBytes(shard));
    }

    [Fact]
    public async Task A_run_that_does_not_come_out_the_same_is_told_by_its_first_row()
    {
        var run = await Made();
        var spec = Path.Combine(run, "run.json");
        await File.WriteAllTextAsync(
            spec,
            (await File.ReadAllTextAsync(spec)).Replace("\"seed\": 6", "\"seed\": 7", StringComparison.Ordinal)
        );

        var ran = await Convosynth.Run("replay-run", run);

        ran.ExitCode.Should().Be(1);
        ran.Output.Trim()
            .Split('\n')
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("the shard accepted/train-00000-00000.parquet came out differently: the row ");
    }

    [Fact]
    public async Task A_run_that_has_not_ended_is_refused()
    {
        var run = await Made();
        var spec = Path.Combine(run, "run.json");
        await File.WriteAllTextAsync(
            spec,
            (await File.ReadAllTextAsync(spec)).Replace("\"count\": 40", "\"count\": 41", StringComparison.Ordinal)
        );

        (await Convosynth.Run("replay-run", run))
            .Sentence()
            .Should()
            .Contain("has not ended: 1 of 41 dialogues are open; go on with it by --resume first");
    }

    [Fact]
    public async Task A_check_that_is_switched_off_and_on_again_says_what_it_said()
    {
        var run = await Made();
        var (off, on) = (_folder.At("off"), _folder.At("on"));

        var without = await Convosynth.Run("verify", run, "--out", off, "--without", "claims.claims", "--without", "outcome.end-state");
        var with = await Convosynth.Run("verify", off, "--out", on);

        without.ExitCode.Should().Be(0, without.Errors);
        without
            .Output.Should()
            .MatchRegex(@"[1-9][0-9]* of [0-9]+ rows have another status or other reasons")
            .And.MatchRegex(@"-[1-9][0-9]* +\+0 +claims\.claims")
            .And.Contain("claims.claims fail → none");
        TestFolder.Rows(off).Should().NotEqual(TestFolder.Rows(run));
        with.ExitCode.Should().Be(0, with.Errors);
        with.Output.Should().Contain("claims.claims none → fail");
        TestFolder.Rows(on).Should().Equal(TestFolder.Rows(run));
        (await Convosynth.Run("verify", run, "--out", _folder.At("same"))).Output.Should().Contain("\n0 of ").And.NotContain("verdicts:");
    }

    [Fact]
    public async Task A_check_that_nobody_knows_is_refused_by_name_before_anything_is_written()
    {
        var run = await Made();

        (await Convosynth.Run("verify", run, "--out", _folder.At("off"), "--without", "claims.clams"))
            .Sentence()
            .Should()
            .StartWith("--without claims.clams: ")
            .And.Contain("claims.claims");
        Directory.Exists(_folder.At("off")).Should().BeFalse();
    }

    private async Task<string> Made()
    {
        var run = _folder.At("run");
        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "retail",
            "--count",
            "40",
            "--seed",
            "6",
            "--fault-rate",
            "0.4",
            "--partition-size",
            "15",
            "--out",
            run
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
        return run;
    }
}
