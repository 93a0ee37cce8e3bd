using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>
/// The names of the offered tools from message to message of a row, where they change: an entry holds from its message to that of the
/// next. The column <c>tools</c> has the definitions of all of them.
/// </summary>
internal static class ToolsTimeline
{
    /// <param name="late">The tool that is absent at first.</param>
    public static ReadOnlyMemory<byte> Of(Trajectory trajectory, string late)
    {
        var all = trajectory.Conversation.Tools.Select(t => t.Name).ToArray();
        var entries = new List<Json> { Entry(0, all.Where(t => t != late)) };
        // The row's first message is the system message.
        if (OfferedTools.LateFrom(trajectory.Blueprint, trajectory.Conversation.Messages) is { } from)
            entries.Add(Entry(from + 1, all));
        return TrajectoryRows.Bytes(Json.List(entries));
    }

    private static JsonMap Entry(int message, IEnumerable<string> tools) =>
        Json.Map(("message", message), ("tools", Json.List(tools.Select(t => (Json)t))));
}
