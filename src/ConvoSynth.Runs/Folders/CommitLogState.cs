using System.Text.Json;

namespace ConvoSynth.Runs.Folders;

/// <summary>The content of a commit log: its commits, its last owner, and how many of its bytes are whole lines.</summary>
internal sealed record CommitLogState(List<CommitRecord> Commits, long Epoch, int SoundBytes)
{
    /// <summary>
    /// Reads a log. A crash during an append may leave the last line truncated or garbled; that line never counted and is ignored.
    /// The same on any other line is damage.
    /// </summary>
    public static CommitLogState Read(byte[] bytes, string path)
    {
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
