using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>A shard that is being written; no reader sees it until it is published.</summary>
internal sealed class OpenShard
{
    private readonly string _name;
    private readonly IUpload _upload;

    /// <param name="name">Its path in the run folder.</param>
    public OpenShard(RunFolder run, IShardFormat format, string name)
    {
        (_name, Target) = (name, run.Resolve(name));
        _upload = run.Storage.Upload(Target);
        Writer = StorageError.At(Target, () => format.Begin(_upload.Content));
    }

    /// <summary>The shard's path, as errors name it.</summary>
    public string Target { get; }

    public IShardWriter Writer { get; }

    /// <summary>Writes the remaining rows and makes the bytes durable, still unpublished.</summary>
    public CommittedShard Finish() =>
        StorageError.At(
            Target,
            () =>
            {
                var digest = Writer.Finish();
                Writer.Dispose();
                _upload.Finish();
                return new CommittedShard(_name, digest.Rows, digest.Bytes, digest.Sha256);
            }
        );

    public void Publish() => StorageError.At(Target, _upload.Publish);

    /// <summary>Gives up what is not published.</summary>
    public void Drop()
    {
        Writer.Dispose();
        _upload.Dispose();
    }
}
