namespace ConvoSynth.Shards.Parquet;

/// <summary>The encodings of the format (<c>Encoding</c> in parquet.thrift).</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}

internal enum PageType
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>
/// Turns payloads into pages: header, compression, place in the chunk. One for all columns of a file, since only one page is in the making
/// at a time. Data pages are version 1, which every reader knows.
/// </summary>
internal sealed class PageAssembler : IDisposable
{
    private readonly ByteBuffer _header = new();
    private readonly CompactWriter _thrift;
    private readonly PageCompressor _compressor;
    private readonly bool _statistics;
    private readonly bool _checksums;
    private readonly int _keep;

    public PageAssembler(ParquetWriterOptions options)
    {
        _thrift = new CompactWriter(_header);
        _compressor = new PageCompressor(options.Codec, options.BrotliQuality);
        _statistics = options.PageStatistics;
        _checksums = options.PageChecksums;
        _keep = options.KeptBufferBytes;
    }

    /// <summary>Where the caller lays out a page's payload before <see cref="Data"/> or <see cref="Dictionary"/>.</summary>
    public ByteBuffer Payload { get; } = new();

    /// <returns>Bytes in the chunk, with the header, compressed and not.</returns>
    public (int Compressed, int Uncompressed) Data(SegmentedBuffer chunk, int entries, PageEncoding encoding, ColumnStatistics statistics)
    {
        var compressed = Begin(PageType.Data, Payload.Span);
        _thrift.BeginStruct(5);
        _thrift.I32(1, entries);
        _thrift.I32(2, (int)encoding);
        _thrift.I32(3, (int)PageEncoding.Rle);
        _thrift.I32(4, (int)PageEncoding.Rle);
        if (_statistics)
            statistics.WriteField(_thrift, 5);
        _thrift.EndStruct();
        return End(chunk, compressed, Payload.Length);
    }

    public (int Compressed, int Uncompressed) Dictionary(SegmentedBuffer chunk, ValueDictionary dictionary)
    {
        var compressed = Begin(PageType.Dictionary, dictionary.Plain);
        _thrift.BeginStruct(7);
        _thrift.I32(1, dictionary.Count);
        _thrift.I32(2, (int)PageEncoding.Plain);
        _thrift.EndStruct();
        return End(chunk, compressed, dictionary.Plain.Length);
    }

    public void Dispose() => _compressor.Dispose();

    private ReadOnlySpan<byte> Begin(PageType type, ReadOnlySpan<byte> payload)
    {
        var compressed = _compressor.Compress(payload);
        _header.Clear();
        _thrift.BeginElement();
        _thrift.I32(1, (int)type);
        _thrift.I32(2, payload.Length);
        _thrift.I32(3, compressed.Length);
        // Over the bytes as they are in the file, so that damage is found before anything is unpacked.
        if (_checksums)
            _thrift.I32(4, (int)Crc32.Of(compressed));
        return compressed;
    }

    private (int Compressed, int Uncompressed) End(SegmentedBuffer chunk, ReadOnlySpan<byte> compressed, int uncompressed)
    {
        _thrift.EndStruct();
        chunk.Append(_header.Span);
        chunk.Append(compressed);
        var sizes = (_header.Length + compressed.Length, _header.Length + uncompressed);
        Payload.Clear(_keep);
        _compressor.Trim(_keep);
        return sizes;
    }
}
