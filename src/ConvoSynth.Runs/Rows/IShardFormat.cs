namespace ConvoSynth.Runs.Rows;

/// <summary>Identifies a finished shard.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
public sealed record ShardDigest(long Rows, long Bytes, string Sha256);

/// <summary>The file format of shards: the only seam between the sink and the Parquet library.</summary>
public interface IShardFormat
{
    /// <summary>The file extension with the dot, such as <c>.parquet</c>.</summary>
    string Extension { get; }

    /// <summary>Begins a shard on a stream, which may be non-seekable. The caller syncs and closes the stream.</summary>
    IShardWriter Begin(Stream output);
}

/// <summary>Writes one shard. The same rows in the same order give the same bytes.</summary>
public interface IShardWriter : IDisposable
{
    long Rows { get; }

    /// <summary>Bytes of the rows so far, before encoding and compression; limits on a shard's size use this.</summary>
    long RawBytes { get; }

    void Append(ShardRow row);

    /// <summary>Writes the remaining rows; no row may follow.</summary>
    ShardDigest Finish();
}
