using System.Text.Json;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>
/// The commit log of one partition: append-only JSON lines, each durable before it counts. A shard belongs to the run if and only if
/// its commit is in the log and no later commit replaces it. Only a partial commit is ever replaced, by the next one. Each partition
/// has its own log, so partitions on different silos never write to the same file.
/// </summary>
public sealed class CommitLog
{
    private readonly RunFolder _run;
    private readonly int _partition;
    private readonly List<CommitRecord> _commits;

    private CommitLog(RunFolder run, int partition, long epoch, List<CommitRecord> commits) =>
        (_run, _partition, Epoch, _commits) = (run, partition, epoch, commits);

    /// <summary>The owner's epoch; a higher epoch in the log fences this owner off.</summary>
    public long Epoch { get; }

    /// <summary>Ordered by sequence.</summary>
    public IReadOnlyList<CommitRecord> Commits => _commits;

    /// <summary>
    /// Takes the partition over: cuts a torn last line, and writes the epoch so that older owners can no longer commit.
    /// </summary>
    /// <param name="epoch">The owner's epoch; null for the last owner's plus one.</param>
    /// <param name="cleanUp">
    /// Drops files outside the given commits. It runs while the log is held: a slow owner that cleaned up later could drop shards that
    /// the next owner has committed meanwhile.
    /// </param>
    /// <exception cref="ShardException">
    /// <see cref="ShardError.LostOwnership"/>: a newer owner has claimed the partition. <see cref="ShardError.Busy"/>: another owner is
    /// claiming or committing.
    /// </exception>
    public static CommitLog Claim(RunFolder run, int partition, long? epoch, Action<IReadOnlyList<CommitRecord>>? cleanUp = null)
    {
        var path = run.CommitLog(partition);
        return StorageError.At(
            path,
            () =>
            {
                using var stream = run.Storage.OpenExclusive(path);
                var state = CommitLogState.Read(stream, path);
                var owner = epoch ?? Math.Max(state.Epoch, 0) + 1;
                state.RequireOwner(owner, path);
                stream.SetLength(state.SoundBytes);
                if (state.Epoch < owner)
                    Append(run, stream, new CommitLogLine(owner, null));
                else
                    run.Storage.Sync(stream);
                run.Storage.SyncFolder(run.Manifest);
                cleanUp?.Invoke(state.Commits);
                return new CommitLog(run, partition, owner, state.Commits);
            }
        );
    }

    /// <summary>
    /// Appends a commit and returns once it is durable. Idempotent: after an unknown outcome the caller repeats the call.
    /// </summary>
    /// <param name="publish">
    /// Gives the shards their names before the record that refers to them. It runs while the log is held, and only for the owner: no
    /// other owner can claim meanwhile.
    /// </param>
    /// <exception cref="ShardException">
    /// <see cref="ShardError.LostOwnership"/>: a newer owner has claimed the partition. <see cref="ShardError.Busy"/>: another owner is
    /// claiming. <see cref="ShardError.Corrupt"/>: the sequence belongs to other shards, or leaves a gap.
    /// </exception>
    public void Commit(CommitRecord record, Action? publish = null)
    {
        var path = _run.CommitLog(_partition);
        StorageError.At(
            path,
            () =>
            {
                using var stream = _run.Storage.OpenExclusive(path);
                var state = CommitLogState.Read(stream, path);
                state.RequireOwner(Epoch, path);
                // Records compare lists by reference, so commits compare in their serialized form.
                var there = record.Sequence < state.Commits.Count ? state.Commits[record.Sequence] : null;
                if (record.Partition != _partition || record.Sequence > state.NextSequence)
                    throw new ShardException(
                        ShardError.Corrupt,
                        $"'{path}': commit {record.Sequence} of partition {record.Partition} does not follow commit "
                            + $"{state.Commits.Count - 1} of partition {_partition}."
                    );
                if (there is not null && there.SaysTheSameAs(record))
                    return;
                if (there is not null && record.Sequence != state.NextSequence)
                    throw new ShardException(
                        ShardError.Corrupt,
                        $"'{path}': commit {record.Sequence} is there already, with other shards."
                    );
                publish?.Invoke();
                stream.SetLength(state.SoundBytes);
                Append(_run, stream, new CommitLogLine(null, record));
            }
        );
        CommitLogState.Add(_commits, record);
    }

    private static void Append(RunFolder run, Stream stream, CommitLogLine line)
    {
        stream.Seek(0, SeekOrigin.End);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(line, ManifestJson.Default.CommitLogLine));
        stream.Write("\n"u8);
        run.Storage.Sync(stream);
    }
}

/// <summary>The content of a commit log: its commits, its last owner, and how many of its bytes are whole lines.</summary>
internal sealed record CommitLogState(List<CommitRecord> Commits, long Epoch, long SoundBytes)
{
    /// <summary>
    /// Reads a log. A crash during an append may leave the last line truncated or garbled; that line never counted and is ignored.
    /// The same on any other line is damage.
    /// </summary>
    public static CommitLogState Read(Stream stream, string path)
    {
        stream.Position = 0;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var commits = new List<CommitRecord>();
        long epoch = long.MinValue;
        var start = 0;
        for (var number = 1; start < bytes.Length; number++)
        {
            var end = bytes.AsSpan(start).IndexOf((byte)'\n');
            var line = end < 0 ? null : Parse(bytes.AsSpan(start, end));
            if (line is null)
            {
                if (end >= 0 && start + end + 1 < bytes.Length)
                    throw new ShardException(ShardError.Corrupt, $"'{path}' line {number} is damaged: it is neither a claim nor a commit.");
                break;
            }

            if (line.Claim is { } claim)
                epoch = Math.Max(epoch, claim);
            if (line.Commit is { } commit)
            {
                if (commit.Sequence != Next(commits))
                    throw new ShardException(
                        ShardError.Corrupt,
                        $"'{path}' line {number} is damaged: it commits sequence {commit.Sequence} where {Next(commits)} follows."
                    );
                Add(commits, commit);
            }

            start += end + 1;
        }

        return new CommitLogState(commits, epoch, start);
    }

    /// <summary>The sequence of the next commit: a partial last commit's, which it replaces, else the last plus one.</summary>
    public int NextSequence => Next(Commits);

    /// <summary>Adds a commit at its place; a commit that is already there is ignored.</summary>
    public static void Add(List<CommitRecord> commits, CommitRecord commit)
    {
        if (commit.Sequence == commits.Count)
            commits.Add(commit);
        else if (commit.Sequence == Next(commits))
            commits[^1] = commit;
    }

    public void RequireOwner(long epoch, string path)
    {
        if (Epoch > epoch)
            throw new ShardException(
                ShardError.LostOwnership,
                $"'{path}' was taken over by epoch {Epoch}: epoch {epoch} can no longer commit."
            );
    }

    private static int Next(List<CommitRecord> commits) => commits is [.., { Partial: true } last] ? last.Sequence : commits.Count;

    private static CommitLogLine? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var parsed = JsonSerializer.Deserialize(line, ManifestJson.Default.CommitLogLine);
            return parsed is { Claim: not null } or { Commit: not null } ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
