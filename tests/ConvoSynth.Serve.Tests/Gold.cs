using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Tests;

/// <summary>What an agent does that solves a task: the rehearsed dialogue of the same seed.</summary>
internal static class Gold
{
    /// <summary>The agent's messages in the library's tasks, by task.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<Message>>> Moves(EnvironmentOptions options)
    {
        var spec = new RunSpec
        {
            RunId = "served",
            Domains = [options.Pack!],
            Count = options.Count!.Value,
            Seed = options.Seed,
            PartitionSize = 1_000_000,
        };
        var setup = new RunSetups(new PackFolders(options.Packs), TimeProvider.System).For(spec);
        var moves = new Dictionary<string, IReadOnlyList<Message>>(StringComparer.Ordinal);
        for (var i = 0; i < options.Count; i++)
        {
            var blueprint = await setup.Blueprints.Make(i, CancellationToken.None);
            var played = await DialogueRunner.Run(setup, i, 0, blueprint, CancellationToken.None);
            EpisodeReward.Of(RewardRule.Exact, played.Trajectory).Value.Should().Be(1);
            moves[blueprint.Id] = [.. played.Trajectory.Conversation.Messages.Where(m => m.Role == MessageRole.Assistant)];
        }

        return moves;
    }
}
