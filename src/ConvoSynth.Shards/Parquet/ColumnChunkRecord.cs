namespace ConvoSynth.Shards.Parquet;

/// <summary>What the footer says of a column chunk that has been written.</summary>
internal sealed record ColumnChunkRecord(SchemaLeaf Leaf, long Entries, long UncompressedBytes, long CompressedBytes)
{
    public long? DictionaryOffset { get; init; }

    public long DataOffset { get; init; }

    public int DictionaryPages { get; init; }

    public int PlainPages { get; init; }

    /// <summary>The struct <c>Statistics</c>, ready to be placed: cheaper to keep than the accumulator that made it.</summary>
    public required byte[] Statistics { get; init; }

    /// <summary>The data pages, offsets counted from <see cref="DataOffset"/>.</summary>
    public required IReadOnlyList<PageRecord> Pages { get; init; }

    public static byte[] Serialize(ColumnStatistics statistics)
    {
        var bytes = new ByteBuffer();
        statistics.WriteBody(new CompactWriter(bytes));
        return bytes.Span.ToArray();
    }
}

/// <summary>A finished row group.</summary>
internal sealed record RowGroupRecord(IReadOnlyList<ColumnChunkRecord> Chunks, long Rows, long Position);
