using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>
/// Writes the shards of one partition in index order, and commits accepted, undecided and rejected shards together. After any stop,
/// committed rows stay, and the next <see cref="Open"/> drops the rest. Shards that a stop cut short are written again with the rows
/// that follow, so shard boundaries depend on rows alone. Not thread-safe: one owner, one call at a time.
/// </summary>
public sealed class PartitionShards : IDisposable
{
    private readonly RunFolder _run;
    private readonly int _partition;
    private readonly IShardFormat _format;
    private readonly ShardLimits _limits;
    private readonly CommitLog _log;
    private readonly List<string> _quarantined = [];
    private readonly List<StoppedDomain> _stopped = [];
    private readonly LedgerCounter _ledger = new();
    private readonly SortedDictionary<ShardSet, OpenShard> _open = [];
    private long _firstIndex;
    private long _lastIndex;
    private int _indexes;
    private long _failed;
    private long _retried;
    private bool _broken;

    private PartitionShards(RunFolder run, int partition, IShardFormat format, ShardLimits limits, CommitLog log) =>
        (_run, _partition, _format, _limits, _log) = (run, partition, format, limits, log);

    /// <summary>Ordered by sequence.</summary>
    public IReadOnlyList<CommitRecord> Commits => _log.Commits;

    /// <summary>This owner's epoch.</summary>
    public long Epoch => _log.Epoch;

    /// <summary>The last index whose rows are committed; null before the first commit. The owner continues after it.</summary>
    public long? LastCommittedIndex => _log.Commits.Count == 0 ? null : _log.Commits[^1].LastIndex;

    /// <summary>The number of indexes that were appended and are not committed.</summary>
    public int Pending => _indexes;

    /// <summary>Claims the partition for an epoch, and drops what an earlier owner left uncommitted.</summary>
    /// <exception cref="ShardException">A newer owner has claimed the partition, or storage fails.</exception>
    public static PartitionShards Open(RunFolder run, int partition, long? epoch, IShardFormat format, ShardLimits? limits = null)
    {
        limits ??= new ShardLimits();
        limits.Validate();
        run.Create();
        var log = CommitLog.Claim(run, partition, epoch);
        UncommittedFiles.CleanUp(run, partition, log.Epoch, log.Commits);
        return new PartitionShards(run, partition, format, limits, log);
    }

    /// <summary>
    /// Appends all rows of one index, and commits if that fills the shard. If a row cannot be written, no row of the index is taken,
    /// and the object stays usable.
    /// </summary>
    /// <param name="index">Must exceed all earlier indexes.</param>
    /// <param name="rows">At least one.</param>
    /// <param name="quarantines">The family that these rows quarantine; the commit records it for the partition's next owner.</param>
    /// <param name="stops">The domain that these rows stop; recorded likewise.</param>
    /// <param name="ledger">Calls, tokens and cost of the models for these rows.</param>
    /// <returns>The commit, if there was one.</returns>
    /// <exception cref="ShardException"><see cref="ShardError.BadRow"/>, or a storage failure, after which this object is
    /// unusable.</exception>
    public CommitRecord? Append(
        long index,
        IReadOnlyList<ShardRow> rows,
        string? quarantines = null,
        StoppedDomain? stops = null,
        Ledger? ledger = null
    )
    {
        RequireUsable();
        if (index <= (_indexes > 0 ? _lastIndex : LastCommittedIndex ?? long.MinValue))
            throw new InvalidOperationException(
                $"Index {index} of partition {_partition} comes after index {(_indexes > 0 ? _lastIndex : LastCommittedIndex)}: "
                    + "rows are written in index order, once."
            );
        if (rows.Count == 0)
            throw new InvalidOperationException(
                $"Index {index} of partition {_partition} has no row: every index ends accepted, undecided, rejected or failed."
            );
        foreach (var row in rows)
        {
            if (row.Index != index)
                throw new InvalidOperationException($"Row '{row.Id}' has index {row.Index} and was given as one of index {index}.");
            if (row.Problem() is { } problem)
                throw new ShardException(ShardError.BadRow, problem);
        }

        _broken = true;
        if (_indexes == 0 && PartialCommit is { } partial)
            TakeUp(partial);
        foreach (var row in rows)
            Append(row);
        _broken = false;
        _firstIndex = _indexes == 0 ? index : _firstIndex;
        _lastIndex = index;
        _indexes++;
        if (quarantines is not null)
            _quarantined.Add(quarantines);
        if (stops is not null)
            _stopped.Add(stops);
        if (ledger is not null)
            _ledger.Add(ledger);
        return _indexes >= _limits.Indexes || RawBytes >= _limits.Bytes ? Commit() : null;
    }

    /// <summary>Commits the appended rows; null if there are none.</summary>
    /// <param name="partial">
    /// Whether the run was stopped and more rows of these shards will follow. Open the partition again for them: the shards that replace
    /// these need names of another epoch.
    /// </param>
    /// <exception cref="ShardException">Storage fails, or a newer owner has claimed the partition: then this object is
    /// unusable.</exception>
    public CommitRecord? Commit(bool partial = false)
    {
        RequireUsable();
        if (_indexes == 0)
            return null;
        _broken = true;
        var ledger = _ledger.Take();
        var shards = _open.ToDictionary(entry => entry.Key, entry => entry.Value.Finish());
        var record = new CommitRecord(
            _partition,
            Sequence,
            _log.Epoch,
            _firstIndex,
            _lastIndex,
            _failed,
            shards.GetValueOrDefault(ShardSet.Accepted),
            shards.GetValueOrDefault(ShardSet.Rejected)
        )
        {
            Undecided = shards.GetValueOrDefault(ShardSet.Undecided),
            Retried = _retried,
            Partial = partial,
            Quarantined = _quarantined.Count == 0 ? null : [.. _quarantined],
            Stopped = _stopped.Count == 0 ? null : [.. _stopped],
            Ledger = ledger.Lines.IsEmpty ? null : ledger,
        };
        Publication.Commit(_run, _log, record, _open.Values);
        // Shards that a stop cut short were part of the run until now, and an owner that slept may have published others meanwhile.
        UncommittedFiles.CleanUp(_run, _partition, Epoch, Commits);
        _open.Clear();
        (_indexes, _failed, _retried) = (0, 0, 0);
        _quarantined.Clear();
        _stopped.Clear();
        _broken = partial;
        return record;
    }

    /// <summary>Drops uncommitted rows.</summary>
    public void Dispose()
    {
        foreach (var shard in _open.Values)
            shard.Drop();
        _open.Clear();
        _broken = true;
    }

    /// <summary>The last commit, if it is partial.</summary>
    private CommitRecord? PartialCommit => _log.Commits is [.., { Partial: true } last] ? last : null;

    private int Sequence => PartialCommit?.Sequence ?? _log.Commits.Count;

    private long RawBytes => _open.Values.Sum(shard => shard.Writer.RawBytes);

    private void Append(ShardRow row)
    {
        var set = ShardSets.Of(row.Status);
        if (!_open.TryGetValue(set, out var shard))
            _open.Add(set, shard = Begin(set));
        StorageError.At(shard.Target, () => shard.Writer.Append(row));
        if (row.Status == RowStatus.Failed)
            _failed++;
        if (row.Status == RowStatus.Retried)
            _retried++;
    }

    /// <summary>Writes the rows of a partial commit again, so that its shards continue.</summary>
    private void TakeUp(CommitRecord partial)
    {
        var indexes = new HashSet<long>();
        foreach (var (_, shard) in partial.Shards())
        {
            using var file = RunReader.Open(_run, shard);
            foreach (var row in file.Read())
            {
                Append(row);
                indexes.Add(row.Index);
            }
        }

        (_firstIndex, _indexes) = (partial.FirstIndex, indexes.Count);
        _quarantined.AddRange(partial.Quarantined ?? []);
        _stopped.AddRange(partial.Stopped ?? []);
        _ledger.Add(partial.Ledger ?? Ledger.Empty);
    }

    private OpenShard Begin(ShardSet set) =>
        new(_run, _format, RunFolder.RelativeName(set, _partition, Sequence, _log.Epoch, _format.Extension));

    private void RequireUsable()
    {
        if (_broken)
            throw new InvalidOperationException(
                $"The shards of partition {_partition} were closed by a stop, an error or Dispose: open the partition again."
            );
    }
}
