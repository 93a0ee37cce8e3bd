using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using ConvoSynth.ObjectStorage.Streams;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>
/// Run folders in a bucket of S3, or of a store that speaks its protocol. A log is a folder of numbered objects: an append creates the
/// next number if it is absent. An upload becomes an object with its last call, if there is none of its name.
/// </summary>
internal sealed class S3Storage : IRunStorage
{
    private const string Any = "*";
    private const string Digits = "00000000";

    // A client that got no answer repeats the request, and then meets its own object.
    private const string WriterField = "writer";

    private readonly ObjectAddress _address;
    private readonly IAmazonS3 _client;
    private readonly ConditionProof _proof;

    public S3Storage(ObjectAddress address, IAmazonS3 client)
    {
        (_address, _client) = (address, client);
        _proof = new(
            address.Root,
            (key, text) => S3Errors.At(key, () => PutNew(key, System.Text.Encoding.ASCII.GetBytes(text))),
            key => S3Errors.At(key, () => _client.DeleteObjectAsync(Bucket, key))
        );
    }

    internal string Bucket => _address.Names[0];

    internal IAmazonS3 Client => _client;

    public void CreateFolder(string path) { }

    public void Put(string path, ReadOnlyMemory<byte> content) => Write(path, key => _client.PutObjectAsync(Request(key, content)));

    public bool PutIfAbsent(string path, ReadOnlyMemory<byte> content) => Write(path, key => PutNew(key, content));

    public IUpload Upload(string path) => Write(path, key => Task.FromResult(new S3Upload(this, path, key)));

    public LogReading OpenLog(string path)
    {
        var entries = S3Errors.At(path, () => List(_address.PrefixOf(path), delimiter: null)).Objects;
        var keys = entries.Select(e => e.Key).ToArray();
        if (keys.Length > 0 && keys[^1] != EntryKey(path, keys.Length - 1))
            throw new ShardException(ShardError.Corrupt, $"'{path}' is damaged: of its {keys.Length} entries the last is {keys[^1]}.");
        return new(
            new JoinedStream([.. entries.Select(e => e.Size)], (first, count) => Fetch(path, keys[first..(first + count)])),
            () => new(keys.Length)
        );
    }

    public LogPosition? Append(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        Write(path, _ => Appended(path, after, entry));

    public Task<LogPosition?> AppendAsync(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        S3Errors.AtAsync(path, () => Appended(path, after, entry));

    public IReadOnlyList<string> ListLogs(string folder) => Folders(folder);

    public Task<bool> LogExistsAsync(string path) => S3Errors.AtAsync(path, () => Exists(EntryKey(path, 0), path));

    public void Delete(string folder, IReadOnlyCollection<string> names)
    {
        foreach (var path in names.Select(n => Path.Combine(folder, n)))
            S3Errors.At(path, () => _client.DeleteObjectAsync(Bucket, _address.KeyOf(path)));
    }

    public IReadOnlyList<string> List(string folder) => Names(folder, page => page.Objects.Select(o => o.Key));

    public IReadOnlyList<string> Folders(string folder) => Names(folder, page => page.Prefixes.Select(p => p.TrimEnd('/')));

    public bool Exists(string path) => S3Errors.At(path, () => Exists(_address.KeyOf(path), path));

    public bool FolderExists(string path)
    {
        var prefix = _address.PrefixOf(path);
        try
        {
            return S3Errors.At(
                path,
                async () =>
                {
                    var page = await _client.ListObjectsV2Async(
                        new()
                        {
                            BucketName = Bucket,
                            Prefix = prefix,
                            MaxKeys = 1,
                        }
                    );
                    return prefix.Length == 0 || page.S3Objects is { Count: > 0 };
                }
            );
        }
        catch (ShardException e) when (prefix.Length == 0 && e.InnerException is AmazonS3Exception { ErrorCode: "NoSuchBucket" })
        {
            return false;
        }
    }

    public Stream OpenRead(string path)
    {
        var key = _address.KeyOf(path);
        return new RangeStream(
            (at, count) =>
                S3Errors.At(
                    path,
                    async () =>
                    {
                        try
                        {
                            using var answer = await _client.GetObjectAsync(
                                new()
                                {
                                    BucketName = Bucket,
                                    Key = key,
                                    ByteRange = new(at, at + count - 1),
                                }
                            );
                            var bytes = await BytesOf(answer);
                            var range = answer.ContentRange;
                            var length = string.IsNullOrEmpty(range)
                                ? bytes.Length
                                : long.Parse(range[(range.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);
                            return new ObjectRange(bytes, length);
                        }
                        catch (AmazonS3Exception e) when (e.StatusCode == System.Net.HttpStatusCode.RequestedRangeNotSatisfiable)
                        {
                            return new ObjectRange(default, (await _client.GetObjectMetadataAsync(Bucket, key)).ContentLength);
                        }
                    }
                )
        );
    }

    /// <returns>Whether the object is of this call.</returns>
    internal async Task<bool> TryCreate(string key, string writer, Func<string, Task> create)
    {
        try
        {
            await create(Any);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Errors.IsConflict(e))
        {
            return (await _client.GetObjectMetadataAsync(Bucket, key)).Metadata[WriterField] == writer;
        }
    }

    internal static string NewWriter() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    internal static void Sign(MetadataCollection metadata, string writer) => metadata[WriterField] = writer;

    internal PutObjectRequest Request(string key, ReadOnlyMemory<byte> content) =>
        new()
        {
            BucketName = Bucket,
            Key = key,
            InputStream = new MemoryStream(content.ToArray(), writable: false),
            UseChunkEncoding = false,
        };

    internal Task<bool> PutNew(string key, ReadOnlyMemory<byte> content)
    {
        var writer = NewWriter();
        return TryCreate(
            key,
            writer,
            condition =>
            {
                var request = Request(key, content);
                request.IfNoneMatch = condition;
                Sign(request.Metadata, writer);
                return _client.PutObjectAsync(request);
            }
        );
    }

    private async Task<LogPosition?> Appended(string path, LogPosition after, ReadOnlyMemory<byte> entry)
    {
        after.RequireWhole(path);
        return await PutNew(EntryKey(path, after.Number), entry) ? new LogPosition(after.Number + 1) { IsOwn = true } : null;
    }

    private string EntryKey(string path, long number) =>
        _address.PrefixOf(path) + number.ToString(Digits, CultureInfo.InvariantCulture);

    private async Task<bool> Exists(string key, string path)
    {
        try
        {
            await _client.GetObjectMetadataAsync(Bucket, key);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return false;
        }
    }

    private byte[][] Fetch(string path, string[] keys) =>
        S3Errors.At(
            path,
            () =>
                Task.WhenAll(
                    keys.Select(async key =>
                    {
                        using var answer = await _client.GetObjectAsync(Bucket, key);
                        return await BytesOf(answer);
                    })
                )
        );

    private static async Task<byte[]> BytesOf(GetObjectResponse answer)
    {
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private string[] Names(string folder, Func<Listed, IEnumerable<string>> names)
    {
        var prefix = _address.PrefixOf(folder);
        var all = names(S3Errors.At(folder, () => List(prefix, "/"))).Select(n => n[prefix.Length..]).ToArray();
        Array.Sort(all, StringComparer.Ordinal);
        return all;
    }

    private async Task<Listed> List(string prefix, string? delimiter)
    {
        var all = new Listed([], []);
        var request = new ListObjectsV2Request
        {
            BucketName = Bucket,
            Prefix = prefix,
            Delimiter = delimiter,
        };
        do
        {
            var page = await _client.ListObjectsV2Async(request);
            all.Objects.AddRange((page.S3Objects ?? []).Select(o => new Entry(o.Key, o.Size ?? 0)));
            all.Prefixes.AddRange(page.CommonPrefixes ?? []);
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (request.ContinuationToken is not null);

        return all;
    }

    private T Write<T>(string path, Func<string, Task<T>> write)
    {
        _proof.Require();
        return S3Errors.At(path, () => write(_address.KeyOf(path)));
    }

    private sealed record Entry(string Key, long Size);

    private sealed record Listed(List<Entry> Objects, List<string> Prefixes);
}
