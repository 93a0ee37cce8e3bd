using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>A shard under its temporary name, until it is published.</summary>
internal sealed class OpenShard
{
    private readonly RunFolder _run;
    private readonly string _temporary;
    private readonly Stream _stream;

    /// <param name="name">The shard's regular name, for errors; it may be published under another.</param>
    public OpenShard(RunFolder run, IShardFormat format, string name, string temporary)
    {
        (_run, _temporary, Target) = (run, temporary, run.Resolve(name));
        _stream = run.Storage.Create(temporary);
        Writer = StorageError.At(Target, () => format.Begin(_stream));
    }

    /// <summary>The shard's regular path, as errors name it.</summary>
    public string Target { get; }

    public IShardWriter Writer { get; }

    /// <summary>Writes the remaining rows and makes the bytes durable, still under the temporary name.</summary>
    /// <param name="name">The name for publication.</param>
    public CommittedShard Finish(string name) =>
        StorageError.At(
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

    /// <summary>
    /// Closes and removes the temporary file. After a failure the removal may fail as well; the next opening of the partition then
    /// removes the file.
    /// </summary>
    public void Drop()
    {
        Writer.Dispose();
        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (StorageError.Is(e))
        {
            // A full disk fails the last flush, but the bytes are no longer needed.
        }

        try
        {
            _run.Storage.Delete(_temporary);
        }
        catch (ShardException)
        {
            // The next opening of the partition removes it; the caller reports the original error.
        }
    }
}
