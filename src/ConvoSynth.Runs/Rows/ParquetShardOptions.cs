namespace ConvoSynth.Runs.Rows;

/// <summary>How the pages of a shard are compressed.</summary>
public enum ShardCompression
{
    /// <summary>No compression: for tests that read many small shards.</summary>
    None,

    /// <summary>Zstandard at level 3.</summary>
    Zstd,
}

/// <summary>The layout of a shard. Equal rows and options give equal bytes.</summary>
public sealed record ParquetShardOptions
{
    /// <value>
    /// Bytes of rows, before encoding, after which a row group ends, 4 KiB to 64 MiB. Default 4 MB: a writer holds one row group in
    /// memory, and a reader unpacks one to find a row. Groups of 1 MB make files almost half as large again; groups of 16 MB make them
    /// a fifth smaller.
    /// </value>
    public int RowGroupBytes { get; init; } = 4_000_000;

    /// <value>Default <see cref="ShardCompression.Zstd"/>.</value>
    public ShardCompression Compression { get; init; } = ShardCompression.Zstd;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (RowGroupBytes is < 4 << 10 or > 64 << 20)
            throw new ArgumentOutOfRangeException(
                nameof(RowGroupBytes),
                $"RowGroupBytes is {RowGroupBytes}: it must be from {4 << 10} to {64 << 20}."
            );
        if (!Enum.IsDefined(Compression))
            throw new ArgumentOutOfRangeException(nameof(Compression), $"Compression is {Compression}: it must be None or Zstd.");
    }
}
