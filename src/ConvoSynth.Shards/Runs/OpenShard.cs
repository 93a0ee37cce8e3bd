using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Storage;

namespace ConvoSynth.Shards.Runs;

/// <summary>A shard under its temporary name, until it is published under its own.</summary>
internal sealed class OpenShard
{
    private readonly RunFolder _run;
    private readonly string _temporary;
    private readonly Stream _stream;

    /// <param name="name">The shard's own name, for errors; where it is published may be under another.</param>
    public OpenShard(RunFolder run, IShardFormat format, string name, string temporary)
    {
        (_run, _temporary, Target) = (run, temporary, run.Resolve(name));
        _stream = run.Storage.Create(temporary);
        Writer = StorageFault.At(Target, () => format.Begin(_stream));
    }

    /// <summary>Where the shard will be: what errors name.</summary>
    public string Target { get; }

    public IShardWriter Writer { get; }

    /// <summary>Writes the rest and makes the bytes durable, still under the temporary name.</summary>
    /// <param name="name">The name that it will be published under.</param>
    public CommittedShard Finish(string name) =>
        StorageFault.At(
            Target,
            () =>
            {
                var digest = Writer.Finish();
                Writer.Dispose();
                _run.Storage.Sync(_stream);
                _stream.Dispose();
                return new CommittedShard(name, digest.Rows, digest.Bytes, digest.Sha256);
            }
        );

    public void Publish(CommittedShard shard)
    {
        var target = _run.Resolve(shard.File);
        _run.Storage.Rename(_temporary, target);
        _run.Storage.SyncFolder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Closes and removes the temporary file. After a failure this may fail as well, and then opening the partition again removes it.</summary>
    public void Drop()
    {
        Writer.Dispose();
        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (StorageFault.Is(e))
        {
            // A full disk fails the last flush of bytes that are not wanted any more.
        }

        try
        {
            _run.Storage.Delete(_temporary);
        }
        catch (ShardException)
        {
            // It is removed when the partition is opened again; the error that led here is the one to report.
        }
    }
}
