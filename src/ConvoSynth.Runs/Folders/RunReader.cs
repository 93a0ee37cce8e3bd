using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Folders;

/// <summary>Reads the rows of a run's committed shards, in order of partition, sequence and index.</summary>
public sealed class RunReader(RunFolder run)
{
    public RunManifest Manifest { get; } = RunManifest.Read(run);

    /// <param name="set">Accepted, undecided or rejected rows; null for all, in that order within each commit.</param>
    /// <param name="columns">Names from <see cref="ShardSchema.Columns"/>; null for all. Only these are unpacked.</param>
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

    /// <summary>The row with this id and all its columns; null if no committed shard has it.</summary>
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

    /// <summary>
    /// The index's own row with all its columns; if the set holds only retried attempts, the last of them. Null if no committed shard
    /// has one.
    /// </summary>
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

    /// <exception cref="ShardException">The shard is missing, differs from its commit, or cannot be read.</exception>
    public ShardFile Open(CommittedShard shard) => Open(run, shard);

    /// <summary>Opens a shard. It is compared with its commit, unless that was done before or the folder turns it off.</summary>
    internal static ShardFile Open(RunFolder run, CommittedShard shard)
    {
        if (run.ChecksShards && !run.Sound.ContainsKey(shard) && RunManifest.Problem(run, shard) is { } problem)
            throw new ShardException(ShardError.Corrupt, problem);
        var path = run.Resolve(shard.File);
        return ShardFile.Open(run.Storage.OpenRead(path), path);
    }

    public IEnumerable<CommittedShard> Shards(ShardSet? set = null) =>
        Manifest.Commits.SelectMany(commit => commit.Shards()).Where(entry => set is null || entry.Set == set).Select(entry => entry.Shard);
}
