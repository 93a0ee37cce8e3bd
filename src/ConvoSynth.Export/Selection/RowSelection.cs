using ConvoSynth.Export.Files;
using ConvoSynth.Export.Losses;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Selection;

/// <summary>Which of the rows that pass the filter are exported, and in which order.</summary>
public sealed record RowSelection
{
    /// <value>
    /// The share of common runs of five words from which a row counts as a near-duplicate of an earlier one and is left out, 0.7 to 1;
    /// null to keep all. Default null.
    /// </value>
    public double? NearDuplicate { get; init; }

    /// <value>The most rows of one intent of a domain, at least 1; null for all. Default null. The first ones are kept.</value>
    public long? MostPerIntent { get; init; }

    /// <value>The seed of the order; null for the order of the runs. Default null.</value>
    public long? Shuffle { get; init; }

    /// <summary>What is wrong with the values, as a sentence; null if nothing is.</summary>
    internal string? Problem()
    {
        if (NearDuplicate is { } share and (< NearDuplicates.Least or > 1 or double.NaN))
            return $"--near-duplicates {share} is out of range: it must be from {NearDuplicates.Least} to 1";
        return MostPerIntent is { } most and < 1 ? $"--most-per-intent {most} is out of range: it must be at least 1" : null;
    }

    internal IEnumerable<ShardRow> Of(IEnumerable<ShardRow> rows, OutputFolder output, LossTally losses)
    {
        if (NearDuplicate is { } similarity)
            rows = Without(rows, new NearDuplicates(similarity).Repeats, NearDuplicates.Reason, losses);
        if (MostPerIntent is { } most)
            rows = Without(rows, new IntentCaps(most).IsFull, IntentCaps.Reason, losses);
        return Shuffle is { } seed ? new RowShuffle(output, seed).Of(rows) : rows;
    }

    private static IEnumerable<ShardRow> Without(IEnumerable<ShardRow> rows, Func<ShardRow, bool> isOut, string reason, LossTally losses)
    {
        foreach (var row in rows)
        {
            if (isOut(row))
                losses.LeaveOut(reason);
            else
                yield return row;
        }
    }
}

/// <summary>Counts the rows of each intent.</summary>
internal sealed class IntentCaps(long most)
{
    public const string Reason = "rows beyond the most of an intent";

    private readonly Dictionary<(string Domain, string Intent), long> _rows = [];

    public bool IsFull(ShardRow row)
    {
        var key = (row.Domain, row.Intent ?? "");
        var rows = _rows.GetValueOrDefault(key);
        if (rows == most)
            return true;
        _rows[key] = rows + 1;
        return false;
    }
}
