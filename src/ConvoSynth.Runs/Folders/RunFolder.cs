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
public sealed class RunFolder(IRunStorage storage, string path)
{
    private const string EpochMark = "-e";

    public RunFolder(IFileSystem files, string path)
        : this(new FileStorage(files), path) { }

    public IRunStorage Storage { get; } = storage;

    public string Path { get; } = path;

    /// <summary>The last part of the path: the run's name.</summary>
    public string Name { get; } = System.IO.Path.GetFileName(path.TrimEnd('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>
    /// Whether a shard's SHA-256 is compared with its commit before its first row is read. Parquet.Net reads about half of all
    /// single-bit errors without an exception, so without the comparison damage may pass for data.
    /// </summary>
    /// <value>Default true.</value>
    public bool ChecksShards { get; init; } = true;

    /// <summary>
    /// How many batches a segment of a journal takes before the next one is begun. An append blob of Azure takes 50,000 blocks.
    /// </summary>
    /// <value>Default 40,000.</value>
    public int BatchesOfSegment { get; init; } = 40_000;

    /// <summary>Committed shards that this folder has found sound: each is compared once.</summary>
    internal ConcurrentDictionary<CommittedShard, bool> Sound { get; } = new();

    public string Manifest => Combine(Path, "manifest");

    public string Packs => Combine(Path, "packs");

    public string Journal => Combine(Path, "journal");

    /// <summary>The files and batches of endpoints that send batches, one log an endpoint.</summary>
    public string Batches => Combine(Path, "batches");

    public string Folder(ShardSet set) => Combine(Path, ShardSets.NameOf(set));

    /// <summary>The path of a shard relative to the run folder, with forward slashes on every system, as in the manifest.</summary>
    /// <param name="epoch">
    /// The epoch of the owner that writes it. It stands in the name from the second owner on: two owners may not know of each other yet,
    /// and neither may replace or remove what the other commits.
    /// </param>
    public static string RelativeName(ShardSet set, int partition, int sequence, long epoch, string extension) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ShardSets.NameOf(set)}/train-{Number(partition)}-{Number(sequence)}{(epoch == 1 ? "" : $"{EpochMark}{epoch}")}{extension}"
        );

    /// <summary>A shard's path as its first owner would have it. The bytes of a shard do not depend on its owner; its name does.</summary>
    public static string PlainName(string file) =>
        EpochMarkIn(file) is { Length: > 0 } mark ? file.Replace(mark, "", StringComparison.Ordinal) : file;

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
        using var content = new MemoryStream();
        write(content);
        Storage.Put(Combine(folder, name), content.ToArray());
    }

    /// <summary>A whole file of the run folder; null if there is none.</summary>
    public byte[]? ReadFile(string name)
    {
        var file = Combine(Path, name);
        if (!Storage.Exists(file))
            return null;
        using var stream = Storage.OpenRead(file);
        return StorageError.At(
            file,
            () =>
            {
                using var content = new MemoryStream();
                stream.CopyTo(content);
                return content.ToArray();
            }
        );
    }

    /// <summary>Whether the file is a shard of the partition, finished or not.</summary>
    internal static bool BelongsTo(int partition, string fileName) =>
        fileName.StartsWith($"train-{Number(partition)}-", StringComparison.Ordinal)
        || fileName.StartsWith($".train-{Number(partition)}-", StringComparison.Ordinal);

    /// <summary>The epoch of the owner that wrote a shard; 1 for names without one, as earlier versions wrote them.</summary>
    internal static long EpochIn(string fileName) =>
        EpochMarkIn(fileName) is { Length: > 0 } mark ? long.Parse(mark.AsSpan(EpochMark.Length), CultureInfo.InvariantCulture) : 1;

    // Before the extension, or before the extension of a temporary name.
    private static string EpochMarkIn(string file)
    {
        var at = file.LastIndexOf(EpochMark, StringComparison.Ordinal);
        var digits = at < 0 ? "" : new string([.. file.Skip(at + EpochMark.Length).TakeWhile(char.IsAsciiDigit)]);
        return digits.Length is > 0 and < 19 ? EpochMark + digits : "";
    }

    internal static string Combine(params string[] parts) => System.IO.Path.Combine(parts);

    private static string Number(int number) => number.ToString("00000", CultureInfo.InvariantCulture);
}
