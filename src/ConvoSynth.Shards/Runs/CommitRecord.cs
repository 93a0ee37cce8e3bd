using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core;

namespace ConvoSynth.Shards.Runs;

/// <summary>A shard that is part of the run.</summary>
/// <param name="File">Path from the run folder, such as <c>accepted/train-00000-00000.parquet</c>.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, in lower-case hexadecimal.</param>
public sealed record CommittedShard(string File, long Rows, long Bytes, string Sha256);

/// <summary>
/// One line of a commit log: the accepted, the undecided and the rejected shard of a partition and sequence, together or not at all. Each is null where no
/// row went there.
/// </summary>
/// <param name="Partition">Whose rows these are.</param>
/// <param name="Sequence">From 0, without gaps.</param>
/// <param name="Epoch">Of the owner that committed.</param>
/// <param name="FirstIndex">The first blueprint index that has a row here.</param>
/// <param name="LastIndex">The last one; all rows of an index are in one commit.</param>
/// <param name="Failed">How many of the rejected rows have the status <c>failed</c>.</param>
/// <param name="Accepted">The accepted shard.</param>
/// <param name="Rejected">The rejected shard.</param>
public sealed record CommitRecord(
    int Partition,
    int Sequence,
    long Epoch,
    long FirstIndex,
    long LastIndex,
    long Failed,
    CommittedShard? Accepted,
    CommittedShard? Rejected
)
{
    /// <summary>The undecided shard.</summary>
    public CommittedShard? Undecided { get; init; }

    /// <summary>How many of the rejected rows have the status <c>retried</c>: they are no index's own row.</summary>
    public long Retried { get; init; }

    /// <summary>
    /// Whether the run was stopped before these shards were full. The next commit then takes this one's place, with the same rows and those that
    /// follow, so that a run which was stopped ends in the same files as one which was not.
    /// </summary>
    public bool Partial { get; init; }

    /// <summary>Families that a row of this commit quarantined; null for none.</summary>
    public IReadOnlyList<string>? Quarantined { get; init; }

    /// <summary>Domains that a row of this commit stopped; null for none.</summary>
    public IReadOnlyList<StoppedDomain>? Stopped { get; init; }

    /// <summary>What the model calls behind these rows took; null for none.</summary>
    public Ledger? Ledger { get; init; }

    /// <summary>Indexes that have their rows here.</summary>
    [JsonIgnore]
    public long Indexes => Shards().Sum(entry => entry.Shard.Rows) - Retried;

    /// <summary>The shards of this commit: accepted, undecided, rejected.</summary>
    public IEnumerable<(ShardSet Set, CommittedShard Shard)> Shards()
    {
        foreach (var set in ShardSets.All)
            if (Of(set) is { } shard)
                yield return (set, shard);
    }

    /// <summary>The shard of a set; null where no row went there.</summary>
    public CommittedShard? Of(ShardSet set) =>
        set switch
        {
            ShardSet.Accepted => Accepted,
            ShardSet.Undecided => Undecided,
            _ => Rejected,
        };

    /// <summary>Whether this says the same of the run's rows as another commit, whoever made it and however long its calls took.</summary>
    internal bool SaysTheSameAs(CommitRecord other) =>
        JsonSerializer.Serialize(this with { Epoch = 0, Ledger = null }, ManifestJson.Default.CommitRecord)
        == JsonSerializer.Serialize(other with { Epoch = 0, Ledger = null }, ManifestJson.Default.CommitRecord);
}

/// <summary>A line of a commit log: an owner's claim or a commit.</summary>
internal sealed record CommitLogLine(long? Claim, CommitRecord? Commit);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(CommitLogLine))]
[JsonSerializable(typeof(CommitRecord))]
[JsonSerializable(typeof(RunManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>The same names, laid out for people.</summary>
    public static ManifestJson Indented { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                WriteIndented = true,
                NewLine = "\n",
            }
        );
}
