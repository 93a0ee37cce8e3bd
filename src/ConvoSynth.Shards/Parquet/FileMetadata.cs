namespace ConvoSynth.Shards.Parquet;

/// <summary>What a footer says: the schema tree, the row groups, the file's own metadata.</summary>
internal sealed record FileMetadata(
    ParquetSchema Schema, long Rows, IReadOnlyList<RowGroupMetadata> Groups, IReadOnlyList<KeyValuePair<string, string>> Pairs, string CreatedBy);

internal sealed record RowGroupMetadata(long Rows, IReadOnlyList<ChunkMetadata> Chunks);

internal sealed record ChunkMetadata
{
    public PhysicalType Type { get; set; }

    public Codec Codec { get; set; }

    public long Entries { get; set; }

    public long UncompressedBytes { get; set; }

    public long CompressedBytes { get; set; }

    public long DataOffset { get; set; }

    public long? DictionaryOffset { get; set; }

    public long? OffsetIndexOffset { get; set; }

    public int OffsetIndexBytes { get; set; }

    public long? ColumnIndexOffset { get; set; }

    public int ColumnIndexBytes { get; set; }

    public bool InAnotherFile { get; set; }

    public IReadOnlyList<int> Encodings { get; set; } = [];

    public ChunkStatistics Statistics { get; set; } = new(null, null, false, false, null);

    /// <summary>Where the first page is, be it the dictionary or data.</summary>
    public long Start => DictionaryOffset is > 0 and var dictionary && dictionary < DataOffset ? dictionary : DataOffset;
}

/// <summary>Bounds of a column chunk in PLAIN form (null where the writer gave none); a bound that is not exact lies outside the values.</summary>
public sealed record ChunkStatistics(byte[]? Min, byte[]? Max, bool MinExact, bool MaxExact, long? Nulls);
