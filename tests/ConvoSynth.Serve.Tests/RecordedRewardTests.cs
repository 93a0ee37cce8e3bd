using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Rewards;
using Xunit.Abstractions;

namespace ConvoSynth.Serve.Tests;

/// <summary>Dialogues of real models, stepped by a client in Python that checks every frame against the protocols' types.</summary>
public sealed class RecordedRewardTests(ITestOutputHelper output)
{
    [RecordedTheory]
    [InlineData("retail", "tasks-with-reads.json", "openenv")]
    [InlineData("retail", "tasks-with-reads.json", "ors")]
    [InlineData("retail", "tasks-with-reads.json", "nemo-gym")]
    [InlineData("retail", "tasks-with-reads.json", "gymnasium")]
    [InlineData("airline", "tasks.json", "openenv")]
    [InlineData("airline", "tasks.json", "ors")]
    [InlineData("airline", "tasks.json", "nemo-gym")]
    [InlineData("airline", "tasks.json", "gymnasium")]
    public async Task Every_recorded_dialogue_gets_through_each_protocol_the_reward_that_a_replay_gives_it(
        string domain,
        string tasks,
        string protocol
    )
    {
        var folder = RecordedTheoryAttribute.Folder(domain);
        var (data, record) = (Path.Combine(folder, tasks), Path.Combine(folder, "recorded.json"));
        var replayed = await Replay(domain, folder, data, record);
        await using var served = await Served.Start(
            new()
            {
                Environment = new()
                {
                    Pack = domain,
                    Packs = RepositoryRoot.At("blueprints"),
                    Data = folder,
                    TaskFile = data,
                    Recorded = record,
                },
                Reward = RewardRule.TauBench,
            }
        );

        var ran = Python.Run("replay.py", served.Server.Url, protocol, record);

        ran.Code.Should().Be(0, ran.Errors);
        var stepped = JsonSerializer.Deserialize<Dictionary<string, double?>>(ran.Output)!;
        stepped.Should().BeEquivalentTo(replayed);
        output.WriteLine($"{domain} over {protocol}: {stepped.Count} rewards, {stepped.Count(r => r.Value == 1)} of them 1");
    }

    // As the command replay plays it, through the agent's and the human's recorded turns.
    private static async Task<Dictionary<string, double?>> Replay(string domain, string folder, string tasks, string record)
    {
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(record));
        string[] ids = [.. file.RootElement.GetProperty("dialogues").EnumerateArray().Select(d => d.GetProperty("id").GetString()!)];
        var spec = new RunSpec
        {
            RunId = "replay",
            Domains = [domain],
            Data = folder,
            Count = ids.Length,
            Seed = 0,
            Model = RecordedSetup.ModelName,
            ActsOnFaults = false,
            Tasks = tasks,
            Recorded = record,
        };
        var setup = new RunSetups(new PackFolders(RepositoryRoot.At("blueprints")), TimeProvider.System).For(spec);
        var rewards = new Dictionary<string, double?>(StringComparer.Ordinal);
        for (var i = 0; i < ids.Length; i++)
        {
            var blueprint = await setup.Blueprints.Make(i, CancellationToken.None);
            var played = await DialogueRunner.Run(setup, i, 0, blueprint, CancellationToken.None);
            rewards[ids[i]] = played.Trajectory.Reward.Any(v => v.Rejects) ? 0 : 1;
        }

        return rewards;
    }
}
