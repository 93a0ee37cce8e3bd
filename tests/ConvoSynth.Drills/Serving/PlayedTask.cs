using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Drills.Serving;

/// <summary>What a client sends to play one task: a reset, and the moves of an agent that solves it, each as a frame.</summary>
/// <param name="Reads">The calls that change nothing, which may be repeated.</param>
internal sealed record PlayedTask(byte[] Reset, byte[][] Moves, byte[][] Reads)
{
    /// <summary>The tasks that <c>env serve library --seed 1</c> has.</summary>
    public static async Task<IReadOnlyList<PlayedTask>> OfLibrary(int count)
    {
        var spec = new RunSpec
        {
            RunId = "served",
            Domains = ["library"],
            Count = count,
            Seed = 1,
            PartitionSize = 1_000_000,
        };
        var setup = new RunSetups(new PackFolders(null), TimeProvider.System).For(spec);
        var tasks = new List<PlayedTask>();
        for (var i = 0; i < count; i++)
        {
            var blueprint = await setup.Blueprints.Make(i, CancellationToken.None);
            var pack = setup.PackOf(blueprint);
            var played = await DialogueRunner.Run(setup, i, 0, blueprint, CancellationToken.None);
            var moves = played
                .Trajectory.Conversation.Messages.Where(m => m.Role == MessageRole.Assistant)
                .SelectMany(m =>
                    m.ToolCalls.IsEmpty
                        ? [(ReplyTool.Name, JsonSerializer.Serialize(new { text = m.Content }))]
                        : m.ToolCalls.Select(c => (c.Name, c.Arguments))
                )
                .ToArray();
            tasks.Add(
                new(
                    RawSocket.FrameOf(JsonSerializer.Serialize(new { type = "reset", data = new { task_id = blueprint.Id } })),
                    [.. moves.Select(Step)],
                    [.. moves.Where(m => pack.Tools.Find(m.Name) is { Writes: false }).Select(Step)]
                )
            );
        }

        return tasks;
    }

    private static byte[] Step((string Name, string Arguments) move) =>
        RawSocket.FrameOf(
            $$$"""{"type":"step","data":{"type":"call_tool","tool_name":"{{{move.Name}}}","arguments":{{{move.Arguments}}} } }"""
        );
}
