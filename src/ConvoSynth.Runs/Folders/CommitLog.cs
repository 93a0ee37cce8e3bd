using System.Text.Json;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>
/// The commit log of one partition: append-only JSON lines, each durable before it counts. A shard belongs to the run if and only if
/// its commit is in the log and no later commit replaces it. Only a partial commit is ever replaced, by the next one. Claims and
/// commits take positions in the same log, so that the next append of an owner that lost the partition fails.
/// </summary>
public sealed class CommitLog
{
    // Each failed append means that another owner has appended meanwhile.
    private const int MaxTries = 100;

    private readonly RunFolder _run;
    private readonly int _partition;
    private readonly string _path;
    private CommitLogState _state;
    private LogPosition _end;

    private CommitLog(RunFolder run, int partition)
    {
        (_run, _partition, _path) = (run, partition, run.CommitLog(partition));
        _state = ReadState();
    }

    /// <summary>The owner's epoch; a higher epoch in the log fences this owner off.</summary>
    public long Epoch { get; private set; }

    /// <summary>Ordered by sequence.</summary>
    public IReadOnlyList<CommitRecord> Commits => _state.Commits;

    /// <summary>Takes the partition over: writes the epoch, so that older owners can no longer commit.</summary>
    /// <param name="epoch">The owner's epoch; null for the last owner's plus one.</param>
    /// <exception cref="ShardException">
    /// <see cref="ShardError.LostOwnership"/>: a newer owner has claimed the partition. <see cref="ShardError.Busy"/>: another owner is
    /// claiming or committing.
    /// </exception>
    public static CommitLog Claim(RunFolder run, int partition, long? epoch)
    {
        var log = new CommitLog(run, partition);
        for (var tries = 1; ; tries++)
        {
            var owner = epoch ?? Math.Max(log._state.Epoch, 0) + 1;
            log._state.RequireOwner(owner, log._path);
            if (log.TryAppend(new(owner, null)))
            {
                log.Epoch = owner;
                return log;
            }

            // A claim found there may be an earlier try of this one. It has no owner then, and the next epoch is free.
            log.RequirePatience(tries);
            log._state = log.ReadState();
        }
    }

    /// <summary>
    /// Appends a commit and returns once it is durable. Idempotent: a commit that is there already, as after an append whose answer was
    /// lost, stands.
    /// </summary>
    /// <exception cref="ShardException">
    /// <see cref="ShardError.LostOwnership"/>: a newer owner has claimed the partition. <see cref="ShardError.Busy"/>: another owner is
    /// claiming. <see cref="ShardError.Corrupt"/>: the sequence belongs to other shards, or leaves a gap.
    /// </exception>
    public void Commit(CommitRecord record)
    {
        for (var tries = 1; ; tries++)
        {
            // Records compare lists by reference, so commits compare in their serialized form.
            var there = record.Sequence < _state.Commits.Count ? _state.Commits[record.Sequence] : null;
            if (there?.SaysTheSameAs(record) == true)
                return;
            RequireOwner();
            if (record.Partition != _partition || record.Sequence > _state.NextSequence)
                throw new ShardException(
                    ShardError.Corrupt,
                    $"'{_path}': commit {record.Sequence} of partition {record.Partition} does not follow commit "
                        + $"{_state.Commits.Count - 1} of partition {_partition}."
                );
            if (there is not null && record.Sequence != _state.NextSequence)
                throw new ShardException(ShardError.Corrupt, $"'{_path}': commit {record.Sequence} is there already, with other shards.");
            if (TryAppend(new(null, record)))
            {
                CommitLogState.Add(_state.Commits, record);
                return;
            }

            RequirePatience(tries);
            _state = ReadState();
        }
    }

    /// <summary>Reads the log again. What failed may have failed because a newer owner removed it.</summary>
    /// <exception cref="ShardException"><see cref="ShardError.LostOwnership"/>: a newer owner has claimed the partition.</exception>
    public void RequireOwnerNow()
    {
        _state = ReadState();
        RequireOwner();
    }

    private void RequireOwner() => _state.RequireOwner(Epoch, _path);

    private bool TryAppend(CommitLogLine line)
    {
        byte[] entry = [.. JsonSerializer.SerializeToUtf8Bytes(line, ManifestJson.Default.CommitLogLine), (byte)'\n'];
        if (_run.Storage.Append(_path, _end, entry) is not { } end)
            return false;
        _end = end;
        return true;
    }

    private CommitLogState ReadState() =>
        StorageError.At(
            _path,
            () =>
            {
                using var log = _run.Storage.OpenLog(_path);
                var bytes = log.ReadAll();
                var state = CommitLogState.Read(bytes, _path);
                _end = log.EndAfter(state.SoundBytes, bytes, _path);
                return state;
            }
        );

    private void RequirePatience(int tries)
    {
        if (tries == MaxTries)
            throw new ShardException(ShardError.Busy, $"'{_path}' is appended to by others all the time.");
    }
}
