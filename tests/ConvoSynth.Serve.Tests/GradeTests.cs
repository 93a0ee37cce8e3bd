using System.Text.Json;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Serve.Grading;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.Tests;

/// <summary>Rollouts that trainers wrote down, graded from their files.</summary>
public sealed class GradeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-grade-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("openai")]
    [InlineData("nemo-gym")]
    [InlineData("openenv")]
    [InlineData("trace")]
    public async Task A_rollout_gets_from_its_file_the_reward_that_it_got_live(string form)
    {
        var rollouts = await Live();
        var lines = rollouts.Select(r => Line(form, r)).ToArray();

        var (summary, graded) = await Grade(lines);

        summary.Rollouts.Should().Be(rollouts.Count);
        graded.Select(g => g.GetProperty("reward").GetDouble()).Should().Equal(rollouts.Select(r => r.Reward));
        summary.Solved.Should().Be(12);
        summary.Failed.Should().Be(12);
        (summary.Told, summary.Differ).Should().Be((24, 0));
    }

    [Fact]
    public async Task A_reward_that_the_rollout_did_not_earn_is_counted()
    {
        var lazy = (await Live())[^1];

        var (summary, graded) = await Grade(Line("openai", lazy with { Reward = 1 }));

        (summary.Told, summary.Differ).Should().Be((1, 1));
        graded[0].GetProperty("failed").GetArrayLength().Should().BePositive();
    }

    [Fact]
    public async Task A_forged_observation_is_found_and_the_rollout_excluded()
    {
        var solved = (await Live())[0];
        var forged = solved with { Steps = [.. solved.Steps.Select(s => s with { Result = s.Tool == ReplyTool.Name ? s.Result : "[]" })] };

        var (summary, _) = await Grade(Line("openai", forged));

        summary.Solved.Should().Be(0);
    }

    [Theory]
    [InlineData("{", "*line 1: no JSON*")]
    [InlineData("[]", "*line 1: rollout:*")]
    [InlineData("""{"task_id":"served"}""", "*neither messages nor a response*")]
    [InlineData("""{"messages":[]}""", "*names no task*")]
    [InlineData("""{"messages":[],"task_id":"no such"}""", "*there is no task no such*")]
    [InlineData("""{"messages":[],"index":0}""", "*no message*")]
    [InlineData("""{"messages":3,"index":0}""", "*messages*list*")]
    [InlineData("", "*holds no rollout*")]
    public async Task A_line_that_is_no_rollout_is_named_in_one_sentence(string line, string sentence)
    {
        var grade = () => Grade(line);

        await grade.Should().ThrowAsync<ServeException>().WithMessage(sentence);
    }

    private sealed record Played(string Task, string Opening, IReadOnlyList<Step> Steps, double Reward);

    private sealed record Step(string Tool, string Arguments, string Result);

    // Each task solved, and each chatted away.
    private static async Task<IReadOnlyList<Played>> Live()
    {
        var gold = await Gold.Moves(Served.Library);
        await using var served = await Served.Start();
        using var socket = await served.Socket();
        var played = new List<Played>();
        foreach (var solves in new[] { true, false })
        {
            foreach (var (task, moves) in gold)
            {
                var reset = await socket.Ask(new { type = "reset", data = new { task_id = task } });
                var opening = reset.GetProperty("data").GetProperty("observation").GetProperty("message").GetString()!;
                var steps = new List<Step>();
                JsonElement last = default;
                foreach (var (tool, arguments) in solves ? OrsTests.CallsOf(moves) : Chat())
                {
                    last = await socket.Call(tool, arguments);
                    steps.Add(new(tool, arguments.GetRawText(), last.GetProperty("observation").GetProperty("result").GetString()!));
                    if (last.GetProperty("done").GetBoolean())
                        break;
                }

                played.Add(new(task, opening, steps, last.GetProperty("reward").GetDouble()));
            }
        }

        return played;
    }

    private static IEnumerable<(string, JsonElement)> Chat() =>
        Enumerable.Repeat((ReplyTool.Name, JsonSerializer.SerializeToElement(new { text = "I see." })), 100);

    private static string Line(string form, Played p)
    {
        object[] messages =
        [
            new { role = "system", content = "Be kind." },
            new { role = "user", content = p.Opening },
            .. p.Steps.SelectMany(
                (s, i) =>
                    new object[]
                    {
                        new
                        {
                            role = "assistant",
                            content = (string?)null,
                            tool_calls = new[]
                            {
                                new
                                {
                                    id = $"c{i}",
                                    type = "function",
                                    function = new { name = s.Tool, arguments = s.Arguments },
                                },
                            },
                        },
                        new
                        {
                            role = "tool",
                            tool_call_id = $"c{i}",
                            content = s.Result,
                        },
                    }
            ),
        ];
        var trace = p.Steps.Select(s => new
        {
            tool_name = s.Tool,
            arguments = JsonElement.Parse(s.Arguments),
            result = new { data = s.Result, done = false },
        });
        object line = form switch
        {
            "openai" => new
            {
                task_id = p.Task,
                messages,
                reward = p.Reward,
            },
            "openenv" => new
            {
                episode_id = "e",
                task = new { task_id = p.Task },
                messages,
                tool_trace = trace,
                done = true,
                reward = p.Reward,
            },
            "trace" => new
            {
                episode_id = "e",
                task = p.Task,
                messages = messages[..2],
                tool_trace = trace,
                done = true,
                reward = p.Reward,
            },
            _ => new
            {
                task_id = p.Task,
                responses_create_params = new { input = messages[..2] },
                response = new { output = p.Steps.SelectMany((s, i) => Items(s, i)) },
                reward = p.Reward,
            },
        };
        return JsonSerializer.Serialize(line);
    }

    private static object[] Items(Step s, int i) =>
        [
            new
            {
                type = "function_call",
                call_id = $"c{i}",
                name = s.Tool,
                arguments = s.Arguments,
            },
            new
            {
                type = "function_call_output",
                call_id = $"c{i}",
                output = s.Result,
            },
        ];

    private async Task<(GradeSummary, JsonElement[])> Grade(params string[] lines)
    {
        var file = Path.Combine(_folder, "rollouts.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        using var grader = await Grader.Load(Served.Library, RewardRule.Exact, CancellationToken.None);
        await using var into = new StringWriter();
        var summary = await grader.Grade(file, into, CancellationToken.None);
        return (summary, [.. into.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l))]);
    }
}
