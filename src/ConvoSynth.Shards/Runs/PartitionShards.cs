using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Storage;

namespace ConvoSynth.Shards.Runs;

/// <summary>When a shard is full. Both limits look at rows only, so a partition that is written again has the same shards.</summary>
public sealed record ShardLimits
{
    /// <value>Bytes of accepted and rejected rows together, before encoding, after which the shard is committed, 1 to 64 GB. Default 500 MB.</value>
    public long Bytes { get; init; } = 500_000_000;

    /// <value>Indexes after which the shard is committed, 1 to 10,000,000. Default 50,000.</value>
    public int Indexes { get; init; } = 50_000;

    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public void Validate()
    {
        if (Bytes is < 1 or > 64_000_000_000)
            throw new ArgumentOutOfRangeException(nameof(Bytes), $"Bytes is {Bytes}: it must be from 1 to 64000000000.");
        if (Indexes is < 1 or > 10_000_000)
            throw new ArgumentOutOfRangeException(nameof(Indexes), $"Indexes is {Indexes}: it must be from 1 to 10000000.");
    }
}

/// <summary>
/// Writes the shards of one partition in index order and commits them, the accepted and the rejected one together. Whatever stops it, what
/// was committed stays, and what was not is dropped when the partition is opened again. Not for concurrent use: one owner, one call at a time.
/// </summary>
public sealed class PartitionShards : IDisposable
{
    private readonly RunFolder _run;
    private readonly int _partition;
    private readonly IShardFormat _format;
    private readonly ShardLimits _limits;
    private readonly CommitLog _log;
    private OpenShard? _accepted;
    private OpenShard? _rejected;
    private long _firstIndex;
    private long _lastIndex;
    private int _indexes;
    private long _failed;
    private bool _broken;

    private PartitionShards(RunFolder run, int partition, IShardFormat format, ShardLimits limits, CommitLog log) =>
        (_run, _partition, _format, _limits, _log) = (run, partition, format, limits, log);

    /// <summary>In order of sequence.</summary>
    public IReadOnlyList<CommitRecord> Commits => _log.Commits;

    /// <summary>This owner's epoch.</summary>
    public long Epoch => _log.Epoch;

    /// <summary>The last index whose rows are committed; null before the first commit. The owner goes on behind it.</summary>
    public long? LastCommittedIndex => _log.Commits.Count == 0 ? null : _log.Commits[^1].LastIndex;

    /// <summary>Indexes that were appended and are not committed.</summary>
    public int Pending => _indexes;

    /// <summary>Claims the partition for an epoch and drops what an earlier owner left without committing it.</summary>
    /// <exception cref="ShardException">A newer owner was here, or storage fails.</exception>
    public static PartitionShards Open(RunFolder run, int partition, long? epoch, IShardFormat format, ShardLimits? limits = null)
    {
        limits ??= new ShardLimits();
        limits.Validate();
        run.Create();
        var log = CommitLog.Claim(run, partition, epoch);
        var committed = log.Commits.SelectMany(commit => commit.Shards()).Select(entry => run.Resolve(entry.Shard.File)).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in new[] { run.Folder(ShardSet.Accepted), run.Folder(ShardSet.Rejected) })
            foreach (var name in run.Storage.List(folder))
                if (RunFolder.BelongsTo(partition, name) && !committed.Contains(RunFolder.Combine(folder, name)))
                    run.Storage.Delete(RunFolder.Combine(folder, name));
        return new PartitionShards(run, partition, format, limits, log);
    }

    /// <summary>
    /// Appends all rows of one index and commits if that fills the shard. A row that cannot be written is refused before any row of the index is
    /// taken, and the partition stays usable.
    /// </summary>
    /// <returns>The commit, if there was one.</returns>
    /// <exception cref="ShardException"><see cref="ShardFault.BadRow"/>, or storage fails: then this object is of no further use.</exception>
    public CommitRecord? Append(long index, IReadOnlyList<ShardRow> rows)
    {
        RequireUsable();
        if (index <= (_indexes > 0 ? _lastIndex : LastCommittedIndex ?? long.MinValue))
            throw new InvalidOperationException($"Index {index} of partition {_partition} comes after index {(_indexes > 0 ? _lastIndex : LastCommittedIndex)}: rows are written in index order, once.");
        if (rows.Count == 0)
            throw new InvalidOperationException($"Index {index} of partition {_partition} has no row: every index ends accepted, rejected or failed.");
        foreach (var row in rows)
        {
            if (row.Index != index)
                throw new InvalidOperationException($"Row '{row.Id}' has index {row.Index} and was given as one of index {index}.");
            if (row.Problem() is { } problem)
                throw new ShardException(ShardFault.BadRow, problem);
        }

        _broken = true;
        foreach (var row in rows)
            Append(row);
        _broken = false;
        _firstIndex = _indexes == 0 ? index : _firstIndex;
        _lastIndex = index;
        _indexes++;
        return _indexes >= _limits.Indexes || RawBytes >= _limits.Bytes ? Commit() : null;
    }

    /// <summary>Commits what was appended; null if there is nothing.</summary>
    /// <exception cref="ShardException">Storage fails, or a newer owner was here: then this object is of no further use.</exception>
    public CommitRecord? Commit()
    {
        RequireUsable();
        if (_indexes == 0)
            return null;
        _broken = true;
        var record = new CommitRecord(
            _partition, _log.Commits.Count, _log.Epoch, _firstIndex, _lastIndex, _failed, _accepted?.Finish(), _rejected?.Finish());
        // A newer owner has dropped these files already, or is about to write the same under these names.
        _log.RequireOwner();
        // Both names must be durable before the record that speaks of them.
        _accepted?.Publish();
        _rejected?.Publish();
        _log.Commit(record);
        (_accepted, _rejected, _indexes, _failed) = (null, null, 0, 0);
        _broken = false;
        return record;
    }

    /// <summary>Drops what is not committed.</summary>
    public void Dispose()
    {
        _accepted?.Drop();
        _rejected?.Drop();
        (_accepted, _rejected) = (null, null);
        _broken = true;
    }

    private long RawBytes => (_accepted?.Writer.RawBytes ?? 0) + (_rejected?.Writer.RawBytes ?? 0);

    private void Append(ShardRow row)
    {
        var shard = row.Status == RowStatus.Accepted
            ? _accepted ??= Begin(ShardSet.Accepted)
            : _rejected ??= Begin(ShardSet.Rejected);
        StorageFault.At(shard.Target, () => shard.Writer.Append(row));
        if (row.Status == RowStatus.Failed)
            _failed++;
    }

    private OpenShard Begin(ShardSet set)
    {
        var name = RunFolder.RelativeName(set, _partition, _log.Commits.Count, _format.Extension);
        // The epoch keeps the files of two owners apart that do not know of each other yet.
        var temporary = RunFolder.Combine(_run.Folder(set), $".{RunFolder.ShardName(_partition, _log.Commits.Count)}.{_log.Epoch}.tmp");
        return new OpenShard(_run, _format, name, temporary);
    }

    private void RequireUsable()
    {
        if (_broken)
            throw new InvalidOperationException($"The shards of partition {_partition} were closed by an error or by Dispose: open the partition again.");
    }
}
