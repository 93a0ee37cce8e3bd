using System.Security.Cryptography;
using System.Text.Json;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>A shard that differs from its commit.</summary>
public sealed record ShardFinding(string File, string Problem);

/// <summary>All commits of a run, in order of partition and sequence: the content of the run.</summary>
public sealed record RunManifest(IReadOnlyList<CommitRecord> Commits)
{
    public long AcceptedRows => Commits.Sum(commit => commit.Accepted?.Rows ?? 0);

    public long UndecidedRows => Commits.Sum(commit => commit.Undecided?.Rows ?? 0);

    public long RejectedRows => Commits.Sum(commit => commit.Rejected?.Rows ?? 0);

    public long FailedRows => Commits.Sum(commit => commit.Failed);

    public long RetriedRows => Commits.Sum(commit => commit.Retried);

    /// <summary>Reads the commit logs of a run without changing them; the run may be in progress.</summary>
    /// <exception cref="ShardException">A log is damaged; the message names the line.</exception>
    public static RunManifest Read(RunFolder run)
    {
        var commits = new List<CommitRecord>();
        foreach (var name in run.Storage.ListLogs(run.Manifest))
        {
            if (!name.EndsWith(".jsonl", StringComparison.Ordinal))
                continue;
            var path = RunFolder.Combine(run.Manifest, name);
            using var log = run.Storage.OpenLog(path);
            commits.AddRange(StorageError.At(path, () => CommitLogState.Read(log.ReadAll(), path).Commits));
        }

        return new RunManifest([.. commits.OrderBy(commit => commit.Partition).ThenBy(commit => commit.Sequence)]);
    }

    /// <summary>
    /// Writes <c>manifest.json</c> into the run folder: the same commits in one file, for people and for tools that do not read the
    /// logs.
    /// </summary>
    public void WriteSummary(RunFolder run) =>
        run.WriteFile(
            run.Path,
            "manifest.json",
            stream =>
            {
                JsonSerializer.Serialize(stream, this, ManifestJson.Indented.RunManifest);
                stream.Write("\n"u8);
            }
        );

    /// <summary>Reads every committed shard and compares length and SHA-256. No finding means that the run is intact.</summary>
    public IEnumerable<ShardFinding> Verify(RunFolder run)
    {
        foreach (var (_, shard) in Commits.SelectMany(commit => commit.Shards()))
            if (Problem(run, shard) is { } problem)
                yield return new ShardFinding(shard.File, problem);
    }

    /// <summary>How a shard differs from its commit, as a sentence; null if it does not.</summary>
    internal static string? Problem(RunFolder run, CommittedShard shard)
    {
        var path = run.Resolve(shard.File);
        if (!run.Storage.Exists(path))
            return $"'{path}' is missing: it was committed with {shard.Rows} rows.";
        using var stream = run.Storage.OpenRead(path);
        var problem = StorageError.At(
            path,
            () =>
            {
                if (stream.Length != shard.Bytes)
                    return $"'{path}' is a corrupt shard: it has {stream.Length} bytes where {shard.Bytes} were committed.";
                var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
                return hash == shard.Sha256
                    ? null
                    : $"'{path}' is a corrupt shard: its SHA-256 is {hash} where {shard.Sha256} was committed.";
            }
        );
        if (problem is null)
            run.Sound[shard] = true;
        return problem;
    }
}
