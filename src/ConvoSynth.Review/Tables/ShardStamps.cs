using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Review.Tables;

/// <summary>
/// Tells whether a shard is still the file that was compared with its commit: another one under its name would show a reviewer a row that
/// the lists do not know.
/// </summary>
internal sealed class ShardStamps(RunFolder run)
{
    private readonly Dictionary<string, (long Bytes, DateTime Written)> _stamps = new(StringComparer.Ordinal);

    public void Take(CommittedShard shard) => _stamps[shard.File] = StampOf(shard);

    /// <exception cref="ReviewException">The file is another one now.</exception>
    public void RequireSame(CommittedShard shard)
    {
        if (_stamps[shard.File] != StampOf(shard))
            throw new ReviewException(
                $"{run.Resolve(shard.File)} was changed or replaced while the app ran; restore it, and start the app again, which "
                    + "compares it with its commit"
            );
    }

    private (long, DateTime) StampOf(CommittedShard shard)
    {
        var file = new FileInfo(run.Resolve(shard.File));
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : (-1, default);
    }
}
