using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>
/// Converts rows of earlier formats, which kept undecided rows among the rejected ones under special reasons, and rows of today.
/// </summary>
internal static class EarlierRows
{
    /// <summary>The prefix of such a reason; no reason of today has it.</summary>
    public const string Undecided = "undecided:";

    /// <summary>The row with the status and reasons of today's format; a row of today is unchanged.</summary>
    public static ShardRow AsToday(ShardRow row)
    {
        if (row.Status != RowStatus.Rejected || !row.RejectReasons.Any(IsUndecided))
            return row;
        var failed = row.RejectReasons.Where(r => !IsUndecided(r)).ToArray();
        return failed.Length > 0
            ? row with
            {
                RejectReasons = failed,
            }
            : row with
            {
                Status = RowStatus.Undecided,
                RejectReasons = [],
                UndecidedReasons = [.. row.RejectReasons.Select(r => r[Undecided.Length..])],
            };
    }

    /// <summary>A row of today without what the first version lacks: its profiles, and the texts that a benchmark looks for.</summary>
    public static ShardRow OfTheFirstVersion(ShardRow row) =>
        OfTheThirdVersion(row) with
        {
            SchemaVersion = 1,
            Accept = null,
            Passes = [],
            World = default,
            Blueprint = row.Blueprint.IsEmpty ? default : WithoutTexts(RowConversation.BlueprintOf(row)),
        };

    /// <summary>A row of today without what a run of format 3 lacks.</summary>
    public static ShardRow OfTheSecondVersion(ShardRow row) => OfTheThirdVersion(row) with { SchemaVersion = 2, World = default };

    /// <summary>A row of today without what a run of format 4 lacks.</summary>
    public static ShardRow OfTheThirdVersion(ShardRow row) =>
        row with
        {
            SchemaVersion = 3,
            PassRate = default,
            ToolsTimeline = default,
            MessageMeta = [.. row.MessageMeta.Select(WithoutNeeded)],
        };

    private static ReadOnlyMemory<byte> WithoutNeeded(ReadOnlyMemory<byte> meta) =>
        JsonSerializer.Deserialize(meta.Span, CoreJson.Default.MessageMeta) is { Needed: not null } judged
            ? Cells.Of(judged with { Needed = null }, CoreJson.Default.MessageMeta)
            : meta;

    private static byte[] WithoutTexts(Blueprint blueprint) =>
        JsonSerializer.SerializeToUtf8Bytes(
            blueprint with
            {
                Outputs = [.. blueprint.Outputs.Select(o => o with { Text = null })],
            },
            CoreJson.Readable.Blueprint
        );

    private static bool IsUndecided(string reason) => reason.StartsWith(Undecided, StringComparison.Ordinal);
}
