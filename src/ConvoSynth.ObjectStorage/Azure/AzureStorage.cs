using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ConvoSynth.ObjectStorage.Streams;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.ObjectStorage.Azure;

/// <summary>
/// Run folders in a container of Azure Blob Storage. A log is an append blob: an append names the length after which it goes. A put if
/// absent bears a condition. An upload stages blocks, which one call makes a blob.
/// </summary>
internal sealed class AzureStorage : IRunStorage
{
    // A client that got no answer repeats the request, and then meets its own blob.
    private const string WriterField = "writer";

    private static readonly BlobRequestConditions Absent = new() { IfNoneMatch = ETag.All };

    private readonly ObjectAddress _address;
    private readonly BlobContainerClient _container;
    private readonly ConditionProof _proof;

    public AzureStorage(ObjectAddress address, BlobContainerClient container)
    {
        (_address, _container) = (address, container);
        _proof = new(
            address.Root,
            (key, text) => PutIfAbsent(container.GetBlockBlobClient(key), BinaryData.FromString(text)),
            key => container.DeleteBlobIfExists(key)
        );
    }

    public void CreateFolder(string path) { }

    public void Put(string path, ReadOnlyMemory<byte> content) =>
        Write(path, () => Blocks(path).Upload(BinaryData.FromBytes(content).ToStream(), new BlobUploadOptions()));

    public bool PutIfAbsent(string path, ReadOnlyMemory<byte> content) =>
        Write(path, () => PutIfAbsent(Blocks(path), BinaryData.FromBytes(content)));

    public IUpload Upload(string path)
    {
        Write(path, () => true);
        return new AzureUpload(path, Blocks(path));
    }

    public LogReading OpenLog(string path, long? upTo = null)
    {
        var stream = Read(path, isEmptyIfMissing: true);
        return new(stream, () => new(stream.Length));
    }

    public LogPosition? Append(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        Write<LogPosition?>(
            path,
            () =>
            {
                after.RequireWhole(path);
                var log = _container.GetAppendBlobClient(_address.KeyOf(path));
                try
                {
                    if (after.Number == 0)
                        log.CreateIfNotExists();
                    log.AppendBlock(BinaryData.FromBytes(entry).ToStream(), After(after));
                    return Next(after, entry.Length);
                }
                catch (RequestFailedException e) when (AzureErrors.IsConflict(e))
                {
                    return null;
                }
            }
        );

    public Task<LogPosition?> AppendAsync(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        AzureErrors.At<LogPosition?>(
            path,
            async () =>
            {
                after.RequireWhole(path);
                var log = _container.GetAppendBlobClient(_address.KeyOf(path));
                try
                {
                    if (after.Number == 0)
                        await log.CreateIfNotExistsAsync();
                    await log.AppendBlockAsync(BinaryData.FromBytes(entry).ToStream(), After(after));
                    return Next(after, entry.Length);
                }
                catch (RequestFailedException e) when (AzureErrors.IsConflict(e))
                {
                    return null;
                }
            }
        );

    public IReadOnlyList<string> ListLogs(string folder) => List(folder);

    public Task<bool> LogExistsAsync(string path) =>
        AzureErrors.At(path, async () => (await _container.GetBlobClient(_address.KeyOf(path)).ExistsAsync()).Value);

    public void Delete(string folder, IReadOnlyCollection<string> names)
    {
        foreach (var path in names.Select(n => Path.Combine(folder, n)))
            AzureErrors.At(path, () => _container.DeleteBlobIfExists(_address.KeyOf(path)));
    }

    public IReadOnlyList<string> List(string folder) => Names(folder, item => item.IsBlob ? item.Blob.Name : null);

    public IReadOnlyList<string> Folders(string folder) => Names(folder, item => item.IsPrefix ? item.Prefix.TrimEnd('/') : null);

    public bool Exists(string path) => AzureErrors.At(path, () => _container.GetBlobClient(_address.KeyOf(path)).Exists().Value);

    public bool FolderExists(string path) =>
        AzureErrors.At(
            path,
            () =>
                _address.PrefixOf(path) is { Length: > 0 } prefix
                    ? _container.GetBlobs(BlobTraits.None, BlobStates.None, prefix, CancellationToken.None).Any()
                    : _container.Exists().Value
        );

    public bool CanHold(string path) => FolderExists(_address.Root);

    public Stream OpenRead(string path) => Read(path, isEmptyIfMissing: false);

    /// <returns>Whether the blob is of this call.</returns>
    internal static bool TryCreate(BlockBlobClient blob, Action<string, BlobRequestConditions> create)
    {
        var writer = RandomNumberGenerator.GetHexString(32, lowercase: true);
        try
        {
            create(writer, Absent);
            return true;
        }
        catch (RequestFailedException e) when (AzureErrors.IsConflict(e))
        {
            return blob.GetProperties().Value.Metadata.TryGetValue(WriterField, out var there) && there == writer;
        }
    }

    internal static Dictionary<string, string> Written(string writer) => new(StringComparer.Ordinal) { [WriterField] = writer };

    private static bool PutIfAbsent(BlockBlobClient blob, BinaryData content) =>
        TryCreate(
            blob,
            (writer, absent) => blob.Upload(content.ToStream(), new BlobUploadOptions { Conditions = absent, Metadata = Written(writer) })
        );

    private static AppendBlobAppendBlockOptions After(LogPosition position) =>
        new() { Conditions = new() { IfAppendPositionEqual = position.Number } };

    private static LogPosition Next(LogPosition after, int bytes) => new(after.Number + bytes) { IsOwn = true };

    private RangeStream Read(string path, bool isEmptyIfMissing)
    {
        var blob = _container.GetBlobClient(_address.KeyOf(path));
        return new((at, count) => AzureErrors.At(path, () => Fetch(at, count)));

        ObjectRange Fetch(long at, int count)
        {
            try
            {
                var answer = blob.DownloadContent(new BlobDownloadOptions { Range = new(at, count) }).Value;
                var range = answer.Details.ContentRange;
                var length = range is null
                    ? answer.Details.ContentLength
                    : long.Parse(range[(range.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
                return new(answer.Content.ToMemory(), length);
            }
            catch (RequestFailedException e) when (e.Status == 416)
            {
                // No byte is there.
                return new(default, blob.GetProperties().Value.ContentLength);
            }
            catch (RequestFailedException e) when (isEmptyIfMissing && e.ErrorCode == "BlobNotFound")
            {
                return default;
            }
        }
    }

    private List<string> Names(string folder, Func<BlobHierarchyItem, string?> name) =>
        AzureErrors.At(
            folder,
            () =>
            {
                var prefix = _address.PrefixOf(folder);
                var items = _container.GetBlobsByHierarchy(BlobTraits.None, BlobStates.None, "/", prefix, CancellationToken.None);
                var names = items.Select(name).OfType<string>().Select(n => n[prefix.Length..]).ToList();
                names.Sort(StringComparer.Ordinal);
                return names;
            }
        );

    private T Write<T>(string path, Func<T> write) =>
        AzureErrors.At(
            path,
            () =>
            {
                _proof.Require();
                return write();
            }
        );

    private BlockBlobClient Blocks(string path) => _container.GetBlockBlobClient(_address.KeyOf(path));
}
