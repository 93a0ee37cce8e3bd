using System.Text.Json;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Cli.Tests;

/// <summary>A run that several tests read.</summary>
public sealed class FinishedRun : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    public string Path => _folder.At("run");

    public async Task InitializeAsync()
    {
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
            Path,
            "--json"
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
        Summary = JsonDocument.Parse(ran.Output).RootElement;
    }

    public JsonElement Summary { get; private set; }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class ReadingTests(FinishedRun run) : IClassFixture<FinishedRun>
{
    [Fact]
    public async Task A_summary_counts_the_rows_as_the_run_did()
    {
        var ran = await Convosynth.Run("summary", run.Path, "--json");
        ran.ExitCode.Should().Be(0, ran.Errors);
        var summary = JsonDocument.Parse(ran.Output).RootElement;
        JsonElement.DeepEquals(summary, run.Summary).Should().BeTrue();
        var counted = new[] { "accepted", "undecided", "rejected", "failed", "open" }.Sum(s => summary.GetProperty(s).GetInt64());
        counted.Should().Be(summary.GetProperty("planned").GetInt64()).And.Be(40);
        summary.GetProperty("rejected").GetInt64().Should().BePositive();
    }

    [Fact]
    public async Task A_rejected_row_is_shown_with_its_reasons_first()
    {
        var ran = await Convosynth.Run("show", run.Path, "--rejected");
        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("status   rejected: ").And.Contain("intent   ").And.Contain("outcome.").And.NotContain("\u001b");
        var verdicts = ran.Output[ran.Output.IndexOf("\nverdicts\n", StringComparison.Ordinal)..]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        verdicts[0].Trim().Should().MatchRegex("^(fail|unsure) ");
        verdicts[^1].Trim().Should().MatchRegex("^pass ");
    }

    [Fact]
    public async Task The_raw_row_is_what_the_shard_holds()
    {
        var ran = await Convosynth.Run("show", run.Path, "--index", "3", "--json");
        ran.ExitCode.Should().Be(0, ran.Errors);
        var row = JsonDocument.Parse(ran.Output).RootElement;
        row.EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(ShardSchema.Columns);
        row.GetProperty("id").GetString().Should().Be("run/3/0");
        var messages = row.GetProperty("messages");
        messages[0].GetProperty("role").GetString().Should().Be("system");
        row.GetProperty("message_meta")
            .GetArrayLength()
            .Should()
            .Be(messages.GetArrayLength())
            .And.Be(row.GetProperty("n_messages").GetInt32());
        row.GetProperty("blueprint").GetProperty("index").GetInt64().Should().Be(3);
    }

    [Fact]
    public async Task An_unknown_id_is_refused_in_one_sentence() =>
        (await Convosynth.Run("show", run.Path, "run/99/0")).Sentence().Should().Contain("has no row \"run/99/0\"");

    [Fact]
    public async Task A_folder_without_a_run_is_refused_in_one_sentence() =>
        (await Convosynth.Run("summary", Convosynth.Blueprints)).Sentence().Should().Contain("holds no run");
}
