using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Folders;

/// <summary>A shard that belongs to the run.</summary>
/// <param name="File">Path from the run folder, such as <c>accepted/train-00000-00000.parquet</c>.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
public sealed record CommittedShard(string File, long Rows, long Bytes, string Sha256);

/// <summary>
/// One line of a commit log: the accepted, undecided and rejected shards of a partition and sequence, committed atomically. A shard is
/// null if it would have no rows.
/// </summary>
/// <param name="Partition">The partition of the rows.</param>
/// <param name="Sequence">From 0, without gaps.</param>
/// <param name="Epoch">The epoch of the committing owner.</param>
/// <param name="FirstIndex">The first blueprint index that has a row here.</param>
/// <param name="LastIndex">The last such index; all rows of an index are in one commit.</param>
/// <param name="Failed">How many of the rejected rows have the status <c>failed</c>.</param>
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
    public CommittedShard? Undecided { get; init; }

    /// <summary>
    /// How many of the rejected rows have the status <c>retried</c>; they are earlier attempts of an index, beside its own row.
    /// </summary>
    public long Retried { get; init; }

    /// <summary>
    /// Whether the run was stopped before these shards were full. The next commit then replaces this one, with the same rows and those
    /// that follow. So a stopped and resumed run ends with the same files as an uninterrupted one.
    /// </summary>
    public bool Partial { get; init; }

    /// <summary>Families that a row of this commit quarantined; null for none.</summary>
    public IReadOnlyList<string>? Quarantined { get; init; }

    /// <summary>Domains that a row of this commit stopped; null for none.</summary>
    public IReadOnlyList<StoppedDomain>? Stopped { get; init; }

    /// <summary>Calls, tokens and cost of the models for these rows; null for none.</summary>
    public Ledger? Ledger { get; init; }

    /// <summary>The number of indexes with rows in this commit.</summary>
    [JsonIgnore]
    public long Indexes => Shards().Sum(entry => entry.Shard.Rows) - Retried;

    /// <summary>The shards of this commit: accepted, undecided, rejected.</summary>
    public IEnumerable<(ShardSet Set, CommittedShard Shard)> Shards()
    {
        foreach (var set in ShardSets.All)
            if (Of(set) is { } shard)
                yield return (set, shard);
    }

    /// <summary>The shard of a set; null if it has no rows.</summary>
    public CommittedShard? Of(ShardSet set) =>
        set switch
        {
            ShardSet.Accepted => Accepted,
            ShardSet.Undecided => Undecided,
            _ => Rejected,
        };

    /// <summary>Whether both commits describe the same rows, regardless of the owner and the ledger.</summary>
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
    /// <summary>The same names, indented for people.</summary>
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
