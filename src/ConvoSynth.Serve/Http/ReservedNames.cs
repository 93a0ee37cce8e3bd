using ConvoSynth.Export.Tasks;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Http;

/// <summary>Names that a protocol keeps for itself: a tool of such a name could not be called.</summary>
internal static class ReservedNames
{
    private static readonly string[] OpenEnv = ["reset", "step", "state", "close"];

    // NeMo Gym's tools are routes beside all others.
    private static readonly string[] Routes =
    [
        "reset",
        "step",
        "close",
        "verify",
        "seed_session",
        "aggregate_metrics",
        "reverify_mode",
        "mcp",
        "ping",
        "create",
        "create_session",
        "delete",
        "delete_session",
    ];

    /// <summary>The first tool that cannot be served, as a sentence; null if all can.</summary>
    public static string? Problem(TaskSet tasks, ServedProtocols protocols)
    {
        string[] reserved =
        [
            ReplyTool.Name,
            .. protocols.HasFlag(ServedProtocols.OpenEnv) ? OpenEnv : [],
            .. protocols.HasFlag(ServedProtocols.NemoGym) ? Routes : [],
        ];
        foreach (var task in tasks.All.DistinctBy(t => t.Tools))
        {
            if (task.Tools.FirstOrDefault(t => reserved.Contains(t, StringComparer.OrdinalIgnoreCase)) is { } taken)
                return $"the pack {task.Domain} has a tool {taken}, a name that the protocols keep for themselves; rename the tool";
        }

        return null;
    }
}
