using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Cli.Runs;

/// <summary>Rows of formats that kept undecided rows among the rejected ones, under reasons that say so, beside rows of today.</summary>
internal static class EarlierRows
{
    /// <summary>How such a reason begins; no reason of today does.</summary>
    public const string Undecided = "undecided:";

    /// <summary>The row with the status and reasons that it has today; a row of today is as it was.</summary>
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

    /// <summary>A row of today without what a row of the first version does not have: its profiles, and the texts that a benchmark looks for.</summary>
    public static ShardRow OfTheFirstVersion(ShardRow row) =>
        row with
        {
            SchemaVersion = 1,
            Accept = null,
            Passes = [],
            Blueprint = row.Blueprint.IsEmpty ? default : WithoutTexts(RowConversation.BlueprintOf(row)),
        };

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
