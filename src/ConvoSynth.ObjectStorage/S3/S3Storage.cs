using System.Globalization;
using System.Text;
using Amazon.S3;
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
    private const string Digits = "00000000";

    private readonly ObjectAddress _address;
    private readonly S3Bucket _bucket;
    private readonly ListedLogs _listed = new();
    private readonly ReadEntries _read;
    private readonly ConditionProof _proof;

    public S3Storage(ObjectAddress address, IAmazonS3 client)
    {
        (_address, _bucket) = (address, new(client, address.Names[0]));
        _read = new(keys => S3Errors.At(address.Root, () => _bucket.All(keys)));
        _proof = new(
            address.Root,
            (key, text) => S3Errors.At(key, () => _bucket.PutNew(key, Encoding.ASCII.GetBytes(text))),
            key => S3Errors.At(key, () => client.DeleteObjectAsync(_bucket.Name, key))
        );
    }

    public void CreateFolder(string path) { }

    public void Put(string path, ReadOnlyMemory<byte> content) => Write(path, key => _bucket.Put(key, content));

    public bool PutIfAbsent(string path, ReadOnlyMemory<byte> content) => Write(path, key => _bucket.PutNew(key, content));

    public IUpload Upload(string path) => Write(path, key => Task.FromResult(new S3Upload(_bucket, path, key)));

    public LogReading OpenLog(string path, long? upTo = null)
    {
        var sizes = _listed.Of(path, upTo) ?? _listed.Keep(path, SizesOf(path));
        return new(new JoinedStream(sizes, Entries), () => new(sizes.Length));

        byte[][] Entries(int first, int count) => _read.Get([.. Enumerable.Range(first, count).Select(number => EntryKey(path, number))]);
    }

    public LogPosition? Append(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        Write(path, _ => Appended(path, after, entry));

    public Task<LogPosition?> AppendAsync(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        S3Errors.AtAsync(path, () => Appended(path, after, entry));

    public IReadOnlyList<string> ListLogs(string folder) => Folders(folder);

    public Task<bool> LogExistsAsync(string path) => S3Errors.AtAsync(path, () => _bucket.Exists(EntryKey(path, 0)));

    public void Delete(string folder, IReadOnlyCollection<string> names)
    {
        foreach (var path in names.Select(n => Path.Combine(folder, n)))
            S3Errors.At(path, () => _bucket.Client.DeleteObjectAsync(_bucket.Name, _address.KeyOf(path)));
    }

    public IReadOnlyList<string> List(string folder) => Names(folder, page => page.Objects.Select(o => o.Key));

    public IReadOnlyList<string> Folders(string folder) => Names(folder, page => page.Prefixes.Select(p => p.TrimEnd('/')));

    public bool Exists(string path) => S3Errors.At(path, () => _bucket.Exists(_address.KeyOf(path)));

    public bool FolderExists(string path)
    {
        var prefix = _address.PrefixOf(path);
        try
        {
            return S3Errors.At(path, () => _bucket.HasAny(prefix)) || prefix.Length == 0;
        }
        catch (ShardException e) when (prefix.Length == 0 && e.InnerException is AmazonS3Exception { ErrorCode: "NoSuchBucket" })
        {
            return false;
        }
    }

    public bool CanHold(string path) => FolderExists(_address.Root);

    public Stream OpenRead(string path)
    {
        var key = _address.KeyOf(path);
        return new RangeStream((at, count) => S3Errors.At(path, () => _bucket.Range(key, at, count)));
    }

    private long[] SizesOf(string path)
    {
        var entries = S3Errors.At(path, () => _bucket.List(_address.PrefixOf(path), delimiter: null)).Objects;
        if (entries is [.., var last] && last.Key != EntryKey(path, entries.Count - 1))
            throw new ShardException(ShardError.Corrupt, $"'{path}' is damaged: of its {entries.Count} entries the last is {last.Key}.");
        return [.. entries.Select(e => e.Size)];
    }

    private async Task<LogPosition?> Appended(string path, LogPosition after, ReadOnlyMemory<byte> entry)
    {
        after.RequireWhole(path);
        return await _bucket.PutNew(EntryKey(path, after.Number), entry) ? new LogPosition(after.Number + 1) { IsOwn = true } : null;
    }

    private string EntryKey(string path, long number) => _address.PrefixOf(path) + number.ToString(Digits, CultureInfo.InvariantCulture);

    private string[] Names(string folder, Func<S3List, IEnumerable<string>> names)
    {
        var prefix = _address.PrefixOf(folder);
        var all = names(S3Errors.At(folder, () => _bucket.List(prefix, "/"))).Select(n => n[prefix.Length..]).ToArray();
        Array.Sort(all, StringComparer.Ordinal);
        return all;
    }

    private T Write<T>(string path, Func<string, Task<T>> write)
    {
        _proof.Require();
        return S3Errors.At(path, () => write(_address.KeyOf(path)));
    }
}
