namespace ConvoSynth.Shards.Parquet;

/// <summary>The codecs of the format (<c>CompressionCodec</c> in parquet.thrift). The writer takes the first, Gzip and Brotli.</summary>
public enum Codec
{
    Uncompressed = 0,
    Snappy = 1,
    Gzip = 2,
    Lzo = 3,
    Brotli = 4,
    Lz4 = 5,
    Zstd = 6,
    Lz4Raw = 7,
}

/// <summary>How a file is laid out. Two files of the same rows and options are the same bytes.</summary>
public sealed record ParquetWriterOptions
{
    /// <value>Default Brotli. On dialogue JSON its quality 1 takes about half the time of gzip for files some 6 % larger.</value>
    public Codec Codec { get; init; } = Codec.Brotli;

    /// <value>Brotli quality, 0 to 11. Default 1.</value>
    public int BrotliQuality { get; init; } = 1;

    /// <value>Uncompressed bytes after which a row group ends, 4 KiB to 1 GiB. Default 100 MB, which Hugging Face <c>datasets</c> uses too.</value>
    public long RowGroupBytes { get; init; } = 100_000_000;

    /// <value>Uncompressed bytes after which a page ends, 256 B to 64 MiB. Default 1 MiB. A page never splits a row, so a larger row makes a larger page.</value>
    public int PageBytes { get; init; } = 1 << 20;

    /// <value>Rows after which a page ends, 1 to 1,000,000. Default 20,000.</value>
    public int PageRows { get; init; } = 20_000;

    /// <value>Bytes that a column's dictionary may take before the column goes on without one, 0 (no dictionaries) to 16 MiB. Default 1 MiB.</value>
    public int DictionaryBytes { get; init; } = 1 << 20;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (Codec is not (Codec.Uncompressed or Codec.Gzip or Codec.Brotli))
            throw new ArgumentOutOfRangeException(nameof(Codec), $"Codec {Codec} cannot be written: choose Uncompressed, Gzip or Brotli.");
        Require(BrotliQuality, 0, 11, nameof(BrotliQuality));
        Require(RowGroupBytes, 4 << 10, 1 << 30, nameof(RowGroupBytes));
        Require(PageBytes, 256, 64 << 20, nameof(PageBytes));
        Require(PageRows, 1, 1_000_000, nameof(PageRows));
        Require(DictionaryBytes, 0, 16 << 20, nameof(DictionaryBytes));
    }

    private static void Require(long value, long low, long high, string name)
    {
        if (value < low || value > high)
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}: it must be from {low} to {high}.");
    }
}
