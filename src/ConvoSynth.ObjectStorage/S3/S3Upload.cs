using Amazon.S3.Model;
using ConvoSynth.ObjectStorage.Streams;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>
/// Parts that one call makes an object of; a file smaller than a part is put by that call. A bucket keeps the parts of an upload whose
/// process died until a rule of its own removes them.
/// </summary>
internal sealed class S3Upload : IUpload
{
    private readonly S3Bucket _bucket;
    private readonly string _path;
    private readonly string _key;
    private readonly string _writer = S3Bucket.NewWriter();
    private readonly List<PartETag> _sent = [];
    private readonly PartStream _parts;
    private string? _upload;

    public S3Upload(S3Bucket bucket, string path, string key) =>
        (_bucket, _path, _key, _parts) = (bucket, path, key, new(part => S3Errors.At(path, () => Send(part))));

    public Stream Content => _parts;

    public void Finish()
    {
        if (_upload is not null)
            _parts.SendRest();
    }

    public void Publish()
    {
        var isOurs = S3Errors.At(
            _path,
            () =>
                _upload is null
                    ? _bucket.PutNew(_key, _parts.Rest.ToArray())
                    : _bucket.TryCreate(
                        _key,
                        _writer,
                        condition =>
                            _bucket.Client.CompleteMultipartUploadAsync(
                                new()
                                {
                                    BucketName = _bucket.Name,
                                    Key = _key,
                                    UploadId = _upload,
                                    PartETags = _sent,
                                    IfNoneMatch = condition,
                                }
                            )
                    )
        );
        _upload = null;
        if (!isOurs)
            throw new ShardException(ShardError.Storage, $"'{_path}' is there already, by another owner of the same epoch.");
    }

    public void Dispose()
    {
        _parts.Dispose();
        if (_upload is not { } upload)
            return;
        try
        {
            S3Errors.At(_path, () => _bucket.Client.AbortMultipartUploadAsync(_bucket.Name, _key, upload));
        }
        catch (ShardException)
        {
            // The caller reports the original error, and a rule of the bucket removes the parts.
        }
    }

    private async Task<bool> Send(MemoryStream part)
    {
        _upload ??= (await _bucket.Client.InitiateMultipartUploadAsync(Begun())).UploadId;
        var number = _sent.Count + 1;
        var answer = await _bucket.Client.UploadPartAsync(
            new()
            {
                BucketName = _bucket.Name,
                Key = _key,
                UploadId = _upload,
                PartNumber = number,
                PartSize = part.Length,
                // The client closes it.
                InputStream = new MemoryStream(part.ToArray(), writable: false),
                UseChunkEncoding = false,
            }
        );
        _sent.Add(new(number, answer.ETag));
        return true;
    }

    private InitiateMultipartUploadRequest Begun()
    {
        var request = new InitiateMultipartUploadRequest { BucketName = _bucket.Name, Key = _key };
        S3Bucket.Sign(request.Metadata, _writer);
        return request;
    }
}
