namespace ConvoSynth.Shards.Rows;

/// <summary>What a finished shard is known by.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, in lower-case hexadecimal.</param>
public sealed record ShardDigest(long Rows, long Bytes, string Sha256);

/// <summary>The file format of shards: the one seam between the sink and whatever writes Parquet.</summary>
public interface IShardFormat
{
    /// <summary>With the dot, such as <c>.parquet</c>.</summary>
    string Extension { get; }

    /// <summary>Begins a shard on a stream that need not seek. The stream is the caller's to sync and close.</summary>
    IShardWriter Begin(Stream output);
}

/// <summary>Writes one shard. The same rows in the same order give the same bytes.</summary>
public interface IShardWriter : IDisposable
{
    long Rows { get; }

    /// <summary>Bytes of the rows so far before encoding and compression: what a limit on a shard's size counts.</summary>
    long RawBytes { get; }

    void Append(ShardRow row);

    /// <summary>Writes what is left; no row can follow.</summary>
    ShardDigest Finish();
}
