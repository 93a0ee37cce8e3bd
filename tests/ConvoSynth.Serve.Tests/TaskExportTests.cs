using System.CommandLine;
using System.Text.Json;
using ConvoSynth.Cli.Commands;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export.Exports;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.Tests;

/// <summary>Tasks of a run, exported and served under the same names.</summary>
public sealed class TaskExportTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-tasks-").FullName;

    private string Clean => Path.Combine(_folder, "runs", "demo");

    private string Faulty => Path.Combine(_folder, "faulty", "demo");

    public async Task InitializeAsync()
    {
        await Generate(Clean, "0");
        await Generate(Faulty, "0.9");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public void Each_task_is_written_once_with_its_gold_its_checks_and_how_often_it_was_solved()
    {
        var tasks = Export("rl-tasks", Clean, Faulty);

        tasks.Should().HaveCount(40);
        tasks.Select(t => t.GetProperty("task_id").GetString()).Should().OnlyHaveUniqueItems();
        foreach (var task in tasks)
        {
            task.GetProperty("prompt").EnumerateArray().Select(m => m.GetProperty("role").GetString()).Should().Equal("system", "user");
            (task.GetProperty("gold").GetArrayLength() + task.GetProperty("refusals").GetArrayLength()).Should().BePositive();
            task.GetProperty("checks").EnumerateArray().Select(c => c.GetString()).Should().Contain("outcome.end-state");
            var counts = task.GetProperty("dialogues");
            counts.GetProperty("accepted").GetInt32().Should().BePositive("the clean run solved it");
        }

        // Another agent failed in the second run, so some tasks are solved in half of their dialogues.
        tasks
            .Should()
            .Contain(t => t.GetProperty("pass_rate").GetDouble() == 0.5)
            .And.Contain(t => t.GetProperty("pass_rate").GetDouble() == 1);
    }

    [Fact]
    public async Task A_row_for_nemo_gym_begins_the_episode_whose_first_words_it_has()
    {
        var rows = Export("nemo-gym-env", Clean);
        await using var served = await Served.Start(new() { Environment = new() { Run = RunPlace.OnDisk(Clean) } });
        served.Server.Tasks.Should().Be(40);
        foreach (var row in rows.Take(10))
        {
            row.ToString().Should().NotContain("accepted_end_states").And.NotContain("\"gold\"");
            (await served.Post("/seed_session", row)).Status.Should().Be(200);
            using var socket = await served.Socket();
            var reset = await socket.Ask(new { type = "reset", data = new { task_id = row.GetProperty("task_id").GetString() } });
            var input = row.GetProperty("responses_create_params").GetProperty("input");
            var observation = reset.GetProperty("data").GetProperty("observation");
            observation.GetProperty("message").GetString().Should().Be(input[1].GetProperty("content").GetString());
            observation.GetProperty("system_prompt").GetString().Should().Be(input[0].GetProperty("content").GetString());
            var tools = await socket.Step(new { type = "list_tools" });
            tools
                .GetProperty("observation")
                .GetProperty("tools")
                .EnumerateArray()
                .Select(t => t.GetProperty("name").GetString())
                .Should()
                .Equal(
                    row.GetProperty("responses_create_params")
                        .GetProperty("tools")
                        .EnumerateArray()
                        .Select(t => t.GetProperty("name").GetString())
                );
        }
    }

    [Fact]
    public async Task The_dialogues_of_a_run_are_graded_as_they_were_verified()
    {
        var file = Path.Combine(_folder, "rollouts.jsonl");
        var expected = new List<double>();
        var run = new RunReader(RunPlace.OnDisk(Faulty).Folder);
        await using (var writer = new StreamWriter(file))
        {
            foreach (var row in run.Rows().Where(r => r.Status is RowStatus.Accepted))
            {
                var messages = row.Messages.Select(m => JsonElement.Parse(m.Span));
                await writer.WriteLineAsync(JsonSerializer.Serialize(new { index = row.Index, messages }));
                expected.Add(1);
            }
        }

        using var grader = await Grading.Grader.Load(new() { Run = RunPlace.OnDisk(Faulty) }, RewardRule.Exact, CancellationToken.None);
        await using var into = new StringWriter();
        var summary = await grader.Grade(file, into, CancellationToken.None);

        expected.Should().NotBeEmpty();
        summary.Solved.Should().Be(expected.Count, into.ToString());
    }

    private JsonElement[] Export(string format, params string[] runs)
    {
        var target = Path.Combine(_folder, $"{format}-{runs.Length}");
        Exporter.Export(
            new()
            {
                Runs = [.. runs.Select(r => RunPlace.OnDisk(r).Folder)],
                Format = format,
                Out = target,
            },
            CancellationToken.None
        );
        return [.. File.ReadLines(Path.Combine(target, "train.jsonl")).Select(l => JsonElement.Parse(l))];
    }

    private static async Task Generate(string path, string faults)
    {
        var root = new RootCommand();
        root.Options.Add(CommandErrors.Trace);
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        string[] arguments =
        [
            "generate",
            "--packs",
            RepositoryRoot.At("blueprints"),
            "--domain",
            "library",
            "--count",
            "40",
            "--seed",
            "3",
            "--fault-rate",
            faults,
            "--out",
            path,
        ];
        (await root.Parse(arguments).InvokeAsync()).Should().Be(0);
    }
}
