using System.Text.Json;
using ConvoSynth.Models;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Http;
using ConvoSynth.Serve.Rewards;
using Message = ConvoSynth.Core.Dialogues.Message;

namespace ConvoSynth.Serve.Tests;

/// <summary>TRL's adapter for ORS, run from its own source against a server.</summary>
public sealed class TrlAdapterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-trl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TrainersFact]
    public async Task Gold_episodes_earn_one_by_trls_reward_function_and_by_the_documented_one()
    {
        var moves = (await Gold.Moves(Served.Library)).ToDictionary(
            m => m.Key,
            m => OrsTests.CallsOf(m.Value).Select(c => new object[] { c.Name, c.Input }).ToArray(),
            StringComparer.Ordinal
        );
        await using var served = await Served.Start();

        var (own, documented) = Train(served.Server, JsonSerializer.Serialize(moves));

        own.Should().HaveCount(12).And.OnlyContain(r => r == 1);
        documented.Should().Equal(own);
    }

    [TrainersFact]
    public async Task Episodes_that_a_human_spoiled_get_none_by_the_documented_reward_function()
    {
        var loaded = await ServedEnvironment.Load(
            Served.Library with
            {
                Count = 2,
            },
            RewardRule.Exact,
            TimeProvider.System,
            CancellationToken.None
        );
        // TRL asks for the tools in a session of its own, whose human is asked 6 times. Then the first episode loses its human with the
        // answer to the agent, and the second with the first words.
        var human = new CheckedHuman(new Spoiled(firstWords: 7), loaded.Setup.PackOf, TimeProvider.System, CheckedHuman.Patience);
        await using var server = await EnvironmentServer.Start(
            loaded.WithHuman(human),
            new() { Environment = Served.Library, Port = 0 },
            TimeProvider.System,
            CancellationToken.None
        );

        var (own, documented) = Train(server, "{}");

        own.Should().Equal([0.0, 0.0]);
        documented.Should().Equal([null, null]);
    }

    private (double?[] Own, double?[] Documented) Train(EnvironmentServer server, string moves)
    {
        var file = Path.Combine(_folder, "moves.json");
        File.WriteAllText(file, moves);
        var ran = Python.Run("trl_ors.py", Path.Combine(TrainersFactAttribute.Folder!, "trl"), server.Url, file);
        ran.Code.Should().Be(0, ran.Errors);
        var rewards = JsonSerializer.Deserialize<Dictionary<string, double?[]>>(ran.Output)!;
        return (rewards["trl"], rewards["documented"]);
    }

    /// <summary>Says nothing, but for one answer.</summary>
    private sealed class Spoiled(int firstWords) : IChatModel
    {
        private int _asked;

        public string Name => "spoiled";

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            new(
                new ModelResponse
                {
                    Message = Message.Assistant(Interlocked.Increment(ref _asked) == firstWords ? "Hello, I need a book." : ""),
                    Model = Name,
                }
            );
    }
}

/// <summary>A test that runs TRL's sources, outside the project; skipped without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TrainersFactAttribute : FactAttribute
{
    private const string Variable = "CONVOSYNTH_TRAINERS";

    public TrainersFactAttribute() =>
        Skip = Folder is null ? $"{Variable} is unset: it names a folder with the sources of trl" : Python.Missing;

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;
}
