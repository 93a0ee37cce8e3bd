using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using ConvoSynth.ObjectStorage.Streams;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>The requests to a bucket, by key.</summary>
internal sealed class S3Bucket(IAmazonS3 client, string name)
{
    private const string Any = "*";

    // A client that got no answer repeats the request, and then meets its own object.
    private const string WriterField = "writer";

    public IAmazonS3 Client => client;

    public string Name => name;

    public static string NewWriter() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static void Sign(MetadataCollection metadata, string writer) => metadata[WriterField] = writer;

    public Task<PutObjectResponse> Put(string key, ReadOnlyMemory<byte> content) => client.PutObjectAsync(Request(key, content));

    /// <returns>Whether the object is of this call.</returns>
    public Task<bool> PutNew(string key, ReadOnlyMemory<byte> content)
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
                return client.PutObjectAsync(request);
            }
        );
    }

    /// <returns>Whether the object is of this call.</returns>
    public async Task<bool> TryCreate(string key, string writer, Func<string, Task> create)
    {
        try
        {
            await create(Any);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Errors.IsConflict(e))
        {
            return (await client.GetObjectMetadataAsync(name, key)).Metadata[WriterField] == writer;
        }
    }

    public async Task<bool> Exists(string key)
    {
        try
        {
            await client.GetObjectMetadataAsync(name, key);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return false;
        }
    }

    public async Task<ObjectRange> Range(string key, long at, int count)
    {
        try
        {
            using var answer = await client.GetObjectAsync(
                new()
                {
                    BucketName = name,
                    Key = key,
                    ByteRange = new(at, at + count - 1),
                }
            );
            var bytes = await BytesOf(answer);
            var range = answer.ContentRange;
            return new(
                bytes,
                string.IsNullOrEmpty(range)
                    ? bytes.Length
                    : long.Parse(range.AsSpan(range.LastIndexOf('/') + 1), CultureInfo.InvariantCulture)
            );
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return new(default, (await client.GetObjectMetadataAsync(name, key)).ContentLength);
        }
    }

    public Task<byte[][]> All(IEnumerable<string> keys) =>
        Task.WhenAll(
            keys.Select(async key =>
            {
                using var answer = await client.GetObjectAsync(name, key);
                return await BytesOf(answer);
            })
        );

    /// <param name="delimiter">Null for everything below, however deep.</param>
    public async Task<S3List> List(string prefix, string? delimiter)
    {
        var all = new S3List([], []);
        var request = new ListObjectsV2Request
        {
            BucketName = name,
            Prefix = prefix,
            Delimiter = delimiter,
        };
        do
        {
            var page = await client.ListObjectsV2Async(request);
            all.Objects.AddRange((page.S3Objects ?? []).Select(o => new S3Entry(o.Key, o.Size ?? 0)));
            all.Prefixes.AddRange(page.CommonPrefixes ?? []);
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (request.ContinuationToken is not null);

        return all;
    }

    public async Task<bool> HasAny(string prefix)
    {
        var page = await client.ListObjectsV2Async(
            new()
            {
                BucketName = name,
                Prefix = prefix,
                MaxKeys = 1,
            }
        );
        return page.S3Objects is { Count: > 0 };
    }

    private PutObjectRequest Request(string key, ReadOnlyMemory<byte> content) =>
        new()
        {
            BucketName = name,
            Key = key,
            InputStream = new MemoryStream(content.ToArray(), writable: false),
            UseChunkEncoding = false,
        };

    private static async Task<byte[]> BytesOf(GetObjectResponse answer)
    {
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}

internal sealed record S3Entry(string Key, long Size);

/// <param name="Objects">In the order of their keys.</param>
internal sealed record S3List(List<S3Entry> Objects, List<string> Prefixes);
