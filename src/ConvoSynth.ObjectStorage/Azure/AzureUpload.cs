using System.Globalization;
using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ConvoSynth.ObjectStorage.Streams;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.ObjectStorage.Azure;

/// <summary>Blocks that are staged until one call makes a blob of them. The store drops staged blocks after a week.</summary>
internal sealed class AzureUpload : IUpload
{
    private readonly string _path;
    private readonly BlockBlobClient _blob;
    private readonly List<string> _blocks = [];
    private readonly PartStream _parts;

    public AzureUpload(string path, BlockBlobClient blob) => (_path, _blob, _parts) = (path, blob, new(Stage));

    public Stream Content => _parts;

    public void Finish() => _parts.SendRest();

    public void Publish()
    {
        var isOurs = AzureErrors.At(
            _path,
            () =>
                AzureStorage.TryCreate(
                    _blob,
                    (writer, absent) =>
                        _blob.CommitBlockList(
                            _blocks,
                            new CommitBlockListOptions { Conditions = absent, Metadata = AzureStorage.Written(writer) }
                        )
                )
        );
        if (!isOurs)
            throw new ShardException(ShardError.Storage, $"'{_path}' is there already, by another owner of the same epoch.");
    }

    public void Dispose() => _parts.Dispose();

    private void Stage(MemoryStream part)
    {
        // Names of one length, in order.
        var name = Convert.ToBase64String(Encoding.ASCII.GetBytes(_blocks.Count.ToString("000000", CultureInfo.InvariantCulture)));
        AzureErrors.At(_path, () => _blob.StageBlock(name, part));
        _blocks.Add(name);
    }
}
