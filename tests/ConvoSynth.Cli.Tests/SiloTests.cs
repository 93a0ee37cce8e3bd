namespace ConvoSynth.Cli.Tests;

/// <summary>The silo that a command starts in its own process.</summary>
public sealed class SiloTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_runs_at_once_write_what_each_writes_alone()
    {
        await Task.WhenAll(Generate("together", "1"), Generate("together", "2"));
        await Generate("alone", "1");
        await Generate("alone", "2");

        foreach (var run in new[] { "1", "2" })
            Shards("together", run).Should().NotBeEmpty().And.Equal(Shards("alone", run));
        Shards("alone", "1").Should().NotEqual(Shards("alone", "2"));
    }

    [Fact]
    public async Task A_section_that_asks_for_a_cluster_is_refused()
    {
        var config = _folder.Write("silo.json", """{"Orleans": {"Clustering": {"ProviderType": "Redis"}}}""");

        (await Refused("--config", config))
            .Should()
            .StartWith($"{config} or an environment variable has Orleans:Clustering")
            .And.EndWith("remove that section");
    }

    [Fact]
    public async Task Environment_variables_win_over_the_file_and_are_read_without_it()
    {
        var environment = new Dictionary<string, string> { ["Orleans__Clustering__ProviderType"] = "Redis" };

        (await Convosynth.RunIn(environment, "generate", "--count", "1", "--out", _folder.At("run")))
            .Sentence()
            .Should()
            .Contain("an environment variable has Orleans:Clustering");
    }

    [Fact]
    public async Task A_file_that_is_missing_or_no_JSON_object_is_told_of()
    {
        (await Refused("--config", _folder.At("none.json"))).Should().Be($"the file {_folder.At("none.json")} of --config does not exist");
        (await Refused("--config", _folder.Write("bad.json", "[1"))).Should().StartWith($"{_folder.At("bad.json")} is no JSON object: ");
    }

    [Fact]
    public async Task A_quiet_run_writes_nothing_but_its_progress_to_the_error_stream()
    {
        var ran = await Convosynth.Run("generate", "--count", "20", "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(0);
        ran.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .OnlyContain(l => l.Contains("/20 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Orleans.Runtime.dll")]
    [InlineData("Orleans.Clustering.Redis.dll")]
    [InlineData("Parquet.dll")]
    [InlineData("Azure.AI.OpenAI.dll")]
    public void The_program_holds_the_package(string file) => File.Exists(Path.Combine(Convosynth.Program, file)).Should().BeTrue();

    private async Task Generate(string folder, string seed)
    {
        var ran = await Convosynth.Run(
            "generate",
            "--count",
            "100",
            "--fault-rate",
            "0.2",
            "--seed",
            seed,
            "--out",
            _folder.At(folder, seed)
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
    }

    private async Task<string> Refused(params string[] options) =>
        (await Convosynth.Run(["generate", "--count", "1", "--out", _folder.At("run"), .. options])).Sentence();

    private string[] Shards(string folder, string run) =>
        [
            .. new[] { "accepted", "rejected" }
                .SelectMany(set => Directory.EnumerateFiles(_folder.At(folder, run, set), "*.parquet"))
                .Order(StringComparer.Ordinal)
                .Select(f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))),
        ];
}
