using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Runs.Playback;

/// <summary>Compares two runs' shards byte for byte, or only their rows.</summary>
public static class ShardComparison
{
    /// <summary>The first shard that differs, and its first row that differs, as a sentence; null if there is none.</summary>
    public static string? FirstDifference(RunFolder made, RunFolder played)
    {
        var (a, b) = (new RunReader(made), new RunReader(played));
        var (ours, theirs) = (a.Shards().ToArray(), b.Shards().ToArray());
        for (var i = 0; i < Math.Max(ours.Length, theirs.Length); i++)
        {
            if (i == theirs.Length)
                return $"the shard {ours[i].File} did not come out again";
            if (i == ours.Length)
                return $"the shard {theirs[i].File} came out, and the run has none of that name";
            // Another owner of a partition gives its shards other names, and the same bytes.
            if (RunFolder.PlainName(ours[i].File) != RunFolder.PlainName(theirs[i].File))
                return $"the shard {theirs[i].File} came out in the place of {ours[i].File}";
            if (ours[i].Sha256 != theirs[i].Sha256)
                return $"the shard {ours[i].File} came out differently: {FirstRow(a, ours[i], b, theirs[i])}";
        }

        return null;
    }

    /// <summary>The first row that differs, regardless of shards, as a sentence; null if there is none.</summary>
    /// <param name="format">The first run's format: columns that its rows lack are not compared.</param>
    public static string? FirstOtherRow(RunFolder made, int format, RunFolder played)
    {
        var (a, b) = (new RunReader(made), new RunReader(played));
        foreach (var set in ShardSets.All)
        {
            var (ours, theirs) =
                format >= RunFormat.TellsWorlds ? (OfTheThirdVersion(a, set), OfTheThirdVersion(b, set))
                : format >= RunFormat.TellsUndecided ? (OfTheSecondVersion(a, set), OfTheSecondVersion(b, set))
                : (OfTheFirstVersion(a, set), OfTheFirstVersion(b, set));
            if (FirstRow(ours, theirs) is { } difference)
                return $"the {ShardSets.NameOf(set)} rows came out differently: {difference}";
        }

        return null;
    }

    private static IEnumerable<ShardRow> OfTheThirdVersion(RunReader run, ShardSet set) =>
        run.Rows(set).Select(EarlierRows.OfTheThirdVersion);

    private static IEnumerable<ShardRow> OfTheSecondVersion(RunReader run, ShardSet set) =>
        run.Rows(set).Select(EarlierRows.OfTheSecondVersion);

    // The first version keeps undecided rows among the rejected.
    private static IEnumerable<ShardRow> OfTheFirstVersion(RunReader run, ShardSet set) =>
        run.Rows().Select(EarlierRows.AsToday).Where(row => ShardSets.Of(row.Status) == set).Select(EarlierRows.OfTheFirstVersion);

    private static string FirstRow(RunReader a, CommittedShard ours, RunReader b, CommittedShard theirs)
    {
        using var fileA = a.Open(ours);
        using var fileB = b.Open(theirs);
        return FirstRow(fileA.Read(), fileB.Read()) ?? "its rows are the same, its bytes are not";
    }

    private static string? FirstRow(IEnumerable<ShardRow> ours, IEnumerable<ShardRow> theirs)
    {
        using var rowsA = ours.GetEnumerator();
        using var rowsB = theirs.GetEnumerator();
        while (true)
        {
            var (hasA, hasB) = (rowsA.MoveNext(), rowsB.MoveNext());
            if (!hasA && !hasB)
                return null;
            if (!hasA || !hasB)
                return hasA ? $"the row {rowsA.Current.Id} is missing" : $"the row {rowsB.Current.Id} is new";
            if (rowsA.Current.Id != rowsB.Current.Id)
                return $"the row {rowsB.Current.Id} stands where {rowsA.Current.Id} was";
            var (x, y) = (RowJson.Of(rowsA.Current), RowJson.Of(rowsB.Current));
            if (Columns(x, y) is { Length: > 0 } columns)
                return $"the row {rowsA.Current.Id} has other {columns}";
        }
    }

    private static string Columns(Json a, Json b) =>
        string.Join(", ", ((JsonMap)a).Keys.Where(k => ((JsonMap)a)[k].ToString() != ((JsonMap)b)[k].ToString()));
}
