using ConvoSynth.Core;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Shards.Runs;

/// <summary>Reads the rows of a run: those of committed shards, in order of partition, sequence and index.</summary>
public sealed class RunReader(RunFolder run)
{
    public RunManifest Manifest { get; } = RunManifest.Read(run);

    /// <param name="set">Accepted, undecided or rejected rows; null for all, in that order within each commit.</param>
    /// <param name="columns">Names out of <see cref="ShardSchema.Columns"/>; null for all. Only they are unpacked.</param>
    /// <exception cref="ShardException">A shard is missing or damaged; the message names it.</exception>
    public IEnumerable<ShardRow> Rows(ShardSet? set = null, IReadOnlyList<string>? columns = null)
    {
        foreach (var shard in Shards(set))
        {
            using var file = Open(shard);
            foreach (var row in file.Read(columns))
                yield return row;
        }
    }

    /// <summary>The row of that id, with all its columns; null if no committed shard has it.</summary>
    public ShardRow? Find(string id, ShardSet? set = null)
    {
        foreach (var shard in Shards(set))
        {
            using var file = Open(shard);
            if (file.Find(id) is { } row)
                return row;
        }

        return null;
    }

    /// <summary>The index's own row, with all its columns, or where only they are looked among, its last attempt that was tried again;
    /// null if no committed shard has it.</summary>
    public ShardRow? Find(long index, ShardSet? set = null)
    {
        ShardRow? last = null;
        foreach (var shard in Shards(set))
        {
            using var file = Open(shard);
            if (file.Find(index) is not { } row)
                continue;
            if (row.Status != RowStatus.Retried)
                return row;
            if (last is null || row.Attempt > last.Attempt)
                last = row;
        }

        return last;
    }

    /// <summary>Opens a committed shard for reading.</summary>
    /// <exception cref="ShardException">The shard is missing, is not what was committed, or cannot be read.</exception>
    public ShardFile Open(CommittedShard shard) => Open(run, shard);

    /// <summary>Opens a shard, and compares it with its commit unless that was done before or the folder is read without it.</summary>
    internal static ShardFile Open(RunFolder run, CommittedShard shard)
    {
        if (run.ChecksShards && !run.Sound.ContainsKey(shard) && RunManifest.Problem(run, shard) is { } problem)
            throw new ShardException(ShardFault.Corrupt, problem);
        var path = run.Resolve(shard.File);
        return ShardFile.Open(run.Storage.OpenRead(path), path);
    }

    public IEnumerable<CommittedShard> Shards(ShardSet? set = null) =>
        Manifest.Commits.SelectMany(commit => commit.Shards()).Where(entry => set is null || entry.Set == set).Select(entry => entry.Shard);
}
