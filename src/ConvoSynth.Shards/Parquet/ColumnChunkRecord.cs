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

    /// <summary>The index of its pages, written behind the last row group; null if none is wanted.</summary>
    public required PageIndexBytes? PageIndex { get; init; }

    /// <summary>Where the index came to lie in the file.</summary>
    public long OffsetIndexOffset { get; set; }

    public long ColumnIndexOffset { get; set; }

    public static byte[] Serialize(ColumnStatistics statistics)
    {
        var bytes = new ByteBuffer();
        statistics.WriteBody(new CompactWriter(bytes));
        return bytes.Span.ToArray();
    }
}

/// <summary>A finished row group.</summary>
internal sealed record RowGroupRecord(IReadOnlyList<ColumnChunkRecord> Chunks, long Rows, long Position);
