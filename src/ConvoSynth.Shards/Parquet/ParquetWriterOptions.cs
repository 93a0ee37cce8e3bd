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

/// <summary>
/// How a file is laid out. Two files of the same rows and options are the same bytes. Sizes are of values before encoding, in which a null
/// counts one byte; they bound what the writer holds: a row group's compressed pages, one open page and one dictionary a column, and one row.
/// </summary>
public sealed record ParquetWriterOptions
{
    /// <summary>The most that one row may be told to have: a page holds a row at least, and 2 GiB is more than readers can hold.</summary>
    private const int MostRowBytes = 512 << 20;

    /// <value>Default Brotli. On dialogue JSON its quality 1 takes about half the time of gzip for files some 6 % larger.</value>
    public Codec Codec { get; init; } = Codec.Brotli;

    /// <value>Brotli quality, 0 to 11. Default 1.</value>
    public int BrotliQuality { get; init; } = 1;

    /// <value>
    /// Bytes after which a row group ends in any case, 4 KiB to 512 MiB, so that no column chunk comes near 2 GiB. Default 100 MB, which Hugging Face
    /// <c>datasets</c> uses too. With <see cref="ContentDefinedPages"/> values end it from three quarters of that on, so that a row more or less
    /// leaves the groups behind as they were too.
    /// </value>
    public long RowGroupBytes { get; init; } = 100_000_000;

    /// <value>Rows after which a row group ends, 1 to 100,000,000. Default 1,000,000.</value>
    public int RowGroupRows { get; init; } = 1_000_000;

    /// <value>Bytes that one row may have, 1 KiB to 512 MiB; a larger one is refused. Default 256 MiB.</value>
    public int RowBytes { get; init; } = 256 << 20;

    /// <value>Bytes after which a page ends in any case, 256 B to 64 MiB. Default 1 MiB. A page never splits a row, so a larger row makes a larger page.</value>
    public int PageBytes { get; init; } = 1 << 20;

    /// <value>Rows after which a page ends in any case, 1 to 1,000,000. Default 20,000.</value>
    public int PageRows { get; init; } = 20_000;

    /// <value>
    /// Whether values say where a page ends, so that a row more or less changes the pages near it and no others (see the sizes below). Default true.
    /// False ends a page only where <see cref="PageBytes"/> or <see cref="PageRows"/> is reached.
    /// </value>
    public bool ContentDefinedPages { get; init; } = true;

    /// <value>
    /// Bytes before which content ends no page, from 1 B to less than <see cref="AveragePageBytes"/>. Default null: a quarter of <see cref="PageBytes"/>, which gives
    /// the 256 KiB of Hugging Face <c>datasets</c>. A row adds its share of <see cref="PageRows"/>, and a value with a dictionary counts 4 bytes.
    /// </value>
    public int? MinPageBytes { get; init; }

    /// <value>
    /// Bytes that a page would have on average if nothing but content ended it, more than <see cref="MinPageBytes"/> and at most
    /// <see cref="PageBytes"/>. Default null: three quarters of <see cref="PageBytes"/>; since that cuts the longest, pages have five eighths of it.
    /// Smaller pages are kept in larger part when rows change, and compress less well: at half of it, files of dialogues are 5 % larger than with
    /// fixed pages of <see cref="PageBytes"/>.
    /// </value>
    public int? AveragePageBytes { get; init; }

    /// <value>Whether the page index (offset index and column index) is written. Default true.</value>
    public bool PageIndex { get; init; } = true;

    /// <value>
    /// Whether page headers carry the bounds and the count of nulls of their page. Default true: readers that know the page index look there, but
    /// others skip pages by these, which also say whether a bound is exact; they take some 150 bytes of a page of text.
    /// </value>
    public bool PageStatistics { get; init; } = true;

    /// <value>Whether page headers carry a CRC of their page, so that a reader tells damage from data. Default true.</value>
    public bool PageChecksums { get; init; } = true;

    /// <value>Bytes that a column's dictionary may take before the column goes on without one, 0 (no dictionaries) to 16 MiB. Default 1 MiB.</value>
    public int DictionaryBytes { get; init; } = 1 << 20;

    internal int LeastPageBytes => MinPageBytes ?? PageBytes / 4;

    internal int UsualPageBytes => AveragePageBytes ?? (int)(PageBytes * 3L / 4);

    // A buffer doubles as it grows, and a page ends only with the row that fills it.
    internal int KeptBufferBytes => Math.Max(64 << 10, 4 * PageBytes);

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (Codec is not (Codec.Uncompressed or Codec.Gzip or Codec.Brotli))
            throw new ArgumentOutOfRangeException(nameof(Codec), $"Codec {Codec} cannot be written: choose Uncompressed, Gzip or Brotli.");
        Require(BrotliQuality, 0, 11, nameof(BrotliQuality));
        Require(RowGroupBytes, 4 << 10, 512 << 20, nameof(RowGroupBytes));
        Require(RowGroupRows, 1, 100_000_000, nameof(RowGroupRows));
        Require(RowBytes, 1 << 10, MostRowBytes, nameof(RowBytes));
        Require(PageBytes, 256, 64 << 20, nameof(PageBytes));
        Require(PageRows, 1, 1_000_000, nameof(PageRows));
        Require(UsualPageBytes, 2, PageBytes, nameof(AveragePageBytes));
        Require(LeastPageBytes, 1, UsualPageBytes - 1, nameof(MinPageBytes));
        Require(DictionaryBytes, 0, 16 << 20, nameof(DictionaryBytes));
    }

    private static void Require(long value, long low, long high, string name)
    {
        if (value < low || value > high)
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}: it must be from {low} to {high}.");
    }
}
