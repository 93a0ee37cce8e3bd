using System.Globalization;
using System.Text.Json;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tasks;

/// <summary>How the dialogues about a task ended, over all runs that played it.</summary>
/// <param name="Rejected">Those in which the agent failed; what another party spoiled is in no count.</param>
internal readonly record struct TaskCounts(int Accepted, int Undecided, int Rejected)
{
    /// <summary>The share of decided dialogues that were accepted; null if none was decided.</summary>
    public double? PassRate => Accepted + Rejected == 0 ? null : (double)Accepted / (Accepted + Rejected);

    public TaskCounts With(ShardRow row) =>
        row.Status switch
        {
            RowStatus.Accepted => this with { Accepted = Accepted + 1 },
            RowStatus.Undecided => this with { Undecided = Undecided + 1 },
            RowStatus.Rejected when IsOfAgent(row) => this with { Rejected = Rejected + 1 },
            _ => this,
        };

    private static bool IsOfAgent(ShardRow row) =>
        TaskVerdicts.Of(row).All(v => v.Outcome != Outcome.Fail || v.Fault is Fault.Agent or Fault.None);
}

/// <summary>A task of a run as reinforcement learning needs it: its first row, and how its dialogues ended.</summary>
internal sealed record ExportedTask(ShardRow Row, string Split, TaskCounts Counts)
{
    public string Id => TaskId.Of(Row);

    /// <summary>The messages before the agent's first: the policy, and what the human says.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Prompt => Row.Messages.Take(2);
}

/// <summary>The name of a task, the same in exports and in served environments.</summary>
public static class TaskId
{
    public static string Of(ShardRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.RunId}/{row.Index}");
}

/// <summary>The verdicts of a row.</summary>
internal static class TaskVerdicts
{
    public static Verdict[] Of(ShardRow row) => [.. Runs.Trajectories.RowConversation.VerdictsOf(row)];

    /// <summary>Whether a check found the task or its environment to be wrong.</summary>
    public static bool IsFaulty(ShardRow row) =>
        row.Status == RowStatus.Rejected && Of(row).Any(v => v is { Outcome: Outcome.Fail, Fault: Fault.Blueprint or Fault.Environment });

    /// <summary>The system message and the human's first message of a row; null if it begins in another way.</summary>
    public static (string System, string Human)? OpeningOf(ShardRow row)
    {
        if (row.Messages.Count < 2)
            return null;
        using var first = JsonDocument.Parse(row.Messages[0]);
        using var second = JsonDocument.Parse(row.Messages[1]);
        return TextOf(first.RootElement, "system"u8) is { } system && TextOf(second.RootElement, "user"u8) is { } human
            ? (system, human)
            : null;
    }

    private static string? TextOf(JsonElement message, ReadOnlySpan<byte> role) =>
        message.GetProperty("role"u8).ValueEquals(role) ? message.GetProperty("content"u8).GetString() : null;
}
