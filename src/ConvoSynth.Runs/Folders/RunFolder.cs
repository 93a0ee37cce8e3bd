using System.Collections.Concurrent;
using System.Globalization;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>The kinds of shards: accepted rows, rows that await a judge or a person, and all others with their reasons.</summary>
public enum ShardSet
{
    Accepted,
    Undecided,
    Rejected,
}

public static class ShardSets
{
    /// <summary>In the order of a commit.</summary>
    public static IReadOnlyList<ShardSet> All { get; } = Enum.GetValues<ShardSet>();

    /// <summary>The name of the set's folder, and of its config in the dataset card.</summary>
    public static string NameOf(ShardSet set) =>
        set switch
        {
            ShardSet.Accepted => RowStatus.Accepted,
            ShardSet.Undecided => RowStatus.Undecided,
            _ => RowStatus.Rejected,
        };

    /// <summary>The set for rows of a status.</summary>
    public static ShardSet Of(string status) =>
        status switch
        {
            RowStatus.Accepted => ShardSet.Accepted,
            RowStatus.Undecided => ShardSet.Undecided,
            _ => ShardSet.Rejected,
        };
}

/// <summary>
/// Names and places in <c>runs/&lt;id&gt;/</c>. <c>accepted/</c>, <c>undecided/</c> and <c>rejected/</c> hold shards, <c>manifest/</c>
/// the commit log of each partition, and <c>packs/</c> the packs that the rows were made with. <c>journal/</c> holds the models'
/// answers, unless an answer is a pure function of its request.
/// </summary>
public sealed class RunFolder(IShardStorage storage, string path)
{
    public IShardStorage Storage { get; } = storage;

    public string Path { get; } = path;

    /// <summary>
    /// Whether a shard's SHA-256 is compared with its commit before its first row is read. Parquet.Net reads about half of all
    /// single-bit errors without an exception, so without the comparison damage may pass for data.
    /// </summary>
    /// <value>Default true.</value>
    public bool ChecksShards { get; init; } = true;

    /// <summary>Committed shards that this folder has found sound: each is compared once.</summary>
    internal ConcurrentDictionary<CommittedShard, bool> Sound { get; } = new();

    public string Manifest => Combine(Path, "manifest");

    public string Packs => Combine(Path, "packs");

    public string Journal => Combine(Path, "journal");

    public string Folder(ShardSet set) => Combine(Path, ShardSets.NameOf(set));

    /// <summary>The path of a shard relative to the run folder, with forward slashes on every system, as in the manifest.</summary>
    public static string RelativeName(ShardSet set, int partition, int sequence, string extension) =>
        RelativeName(set, ShardName(partition, sequence), extension);

    /// <summary>
    /// The path of a shard that was cut short by a stop. It differs from the full shard's path, so that each file is complete while one
    /// replaces the other.
    /// </summary>
    public static string RelativeName(ShardSet set, int partition, int sequence, long lastIndex, string extension) =>
        RelativeName(set, string.Create(CultureInfo.InvariantCulture, $"{ShardName(partition, sequence)}-until-{lastIndex}"), extension);

    /// <summary>Converts a path of the manifest to a path of the storage.</summary>
    public string Resolve(string relativeName) => Combine([Path, .. relativeName.Split('/')]);

    public string CommitLog(int partition) => Combine(Manifest, $"{Number(partition)}.jsonl");

    /// <summary>The path of a segment of a partition's journal; segments count from 1.</summary>
    public string JournalSegment(int partition, int segment) => Combine(Journal, $"p{Number(partition)}-{Number(segment)}.journal");

    /// <summary>The partition of a segment with this file name; null for any other file.</summary>
    internal static int? JournalPartition(string fileName) =>
        fileName.Length > 6
        && fileName[0] == 'p'
        && int.TryParse(fileName.AsSpan(1, 5), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
        && JournalSegment(partition, fileName) is not null
            ? partition
            : null;

    /// <summary>The number of the partition's segment with this file name; null for any other file.</summary>
    internal static int? JournalSegment(int partition, string fileName)
    {
        var beginning = $"p{Number(partition)}-";
        return
            fileName.StartsWith(beginning, StringComparison.Ordinal)
            && fileName.EndsWith(".journal", StringComparison.Ordinal)
            && int.TryParse(
                fileName.AsSpan(beginning.Length, fileName.Length - beginning.Length - ".journal".Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            ? number
            : null;
    }

    /// <summary>Creates the missing folders.</summary>
    public void Create()
    {
        Storage.CreateFolder(Path);
        foreach (var set in ShardSets.All)
            Storage.CreateFolder(Folder(set));
        Storage.CreateFolder(Manifest);
    }

    /// <summary>Writes a small file atomically.</summary>
    public void WriteFile(string folder, string name, Action<Stream> write)
    {
        Storage.CreateFolder(folder);
        var target = Combine(folder, name);
        var temporary = Combine(folder, $".{name}.tmp");
        StorageError.At(
            target,
            () =>
            {
                using (var stream = Storage.Create(temporary))
                {
                    write(stream);
                    Storage.Sync(stream);
                }

                Storage.Rename(temporary, target);
                Storage.SyncFolder(folder);
            }
        );
    }

    private static string RelativeName(ShardSet set, string name, string extension) => $"{ShardSets.NameOf(set)}/{name}{extension}";

    internal static string ShardName(int partition, int sequence) => $"train-{Number(partition)}-{Number(sequence)}";

    /// <summary>Whether the file is a shard of the partition, finished or not.</summary>
    internal static bool BelongsTo(int partition, string fileName) =>
        fileName.StartsWith($"train-{Number(partition)}-", StringComparison.Ordinal)
        || fileName.StartsWith($".train-{Number(partition)}-", StringComparison.Ordinal);

    internal static string Combine(params string[] parts) => System.IO.Path.Combine(parts);

    private static string Number(int number) => number.ToString("00000", CultureInfo.InvariantCulture);
}
