using System.Buffers.Binary;

namespace ConvoSynth.Shards.Parquet;

/// <summary>What one chunk's page index says, as the two Thrift structs of the format. There is no column index where a page has no bounds.</summary>
internal sealed record PageIndexBytes(byte[] Offsets, byte[]? Columns);

/// <summary>
/// Collects the pages of one column chunk and makes its <c>OffsetIndex</c> and <c>ColumnIndex</c> (PageIndex.md and parquet.thrift of the format).
/// Bounds are cut as those of <see cref="ColumnStatistics"/> are: a lower one by dropping the rest, an upper one by raising what is left.
/// </summary>
internal sealed class PageIndexBuilder(PrimitiveField field)
{
    private readonly List<Page> _pages = [];

    private enum BoundaryOrder
    {
        Unordered = 0,
        Ascending = 1,
        Descending = 2,
    }

    /// <param name="offset">Counted from the chunk's first data page.</param>
    /// <param name="size">Bytes in the file, with the header.</param>
    /// <param name="firstRow">Counted from the row group's first row.</param>
    /// <param name="valueBytes">Bytes of the values of a byte array column, without their lengths.</param>
    /// <param name="statistics">Of the page.</param>
    public void Add(long offset, int size, long firstRow, long valueBytes, ColumnStatistics statistics)
    {
        var (low, high) = statistics.Bounds();
        _pages.Add(new Page(offset, size, firstRow, valueBytes, statistics.Nulls, statistics.IsEmpty, low, high));
    }

    public void Clear() => _pages.Clear();

    /// <param name="dataOffset">Where the chunk's first data page is in the file.</param>
    public PageIndexBytes Serialize(long dataOffset)
    {
        var bytes = new ByteBuffer();
        WriteOffsets(new CompactWriter(bytes), dataOffset);
        var offsets = bytes.Span.ToArray();
        // The format wants bounds of every page that has a value; a NaN, a text that no longer one follows or a JSON document too long for a bound leaves a page without.
        if (!_pages.TrueForAll(page => page.AllNull || (page.Low is not null && page.High is not null)))
            return new PageIndexBytes(offsets, null);
        bytes.Clear();
        WriteColumns(new CompactWriter(bytes));
        return new PageIndexBytes(offsets, bytes.Span.ToArray());
    }

    private void WriteOffsets(CompactWriter thrift, long dataOffset)
    {
        thrift.BeginElement();
        thrift.BeginList(1, CompactType.Struct, _pages.Count);
        foreach (var page in _pages)
        {
            thrift.BeginElement();
            thrift.I64(1, dataOffset + page.Offset);
            thrift.I32(2, page.Size);
            thrift.I64(3, page.FirstRow);
            thrift.EndStruct();
        }

        if (field.Type == PhysicalType.ByteArray)
        {
            thrift.BeginList(2, CompactType.I64, _pages.Count);
            foreach (var page in _pages)
                thrift.I64Element(page.ValueBytes);
        }

        thrift.EndStruct();
    }

    private void WriteColumns(CompactWriter thrift)
    {
        thrift.BeginElement();
        thrift.BeginList(1, CompactType.True, _pages.Count);
        foreach (var page in _pages)
            thrift.BoolElement(page.AllNull);
        thrift.BeginList(2, CompactType.Binary, _pages.Count);
        foreach (var page in _pages)
            thrift.BinaryElement(page.Low);
        thrift.BeginList(3, CompactType.Binary, _pages.Count);
        foreach (var page in _pages)
            thrift.BinaryElement(page.High);
        thrift.I32(4, (int)Order());
        thrift.BeginList(5, CompactType.I64, _pages.Count);
        foreach (var page in _pages)
            thrift.I64Element(page.Nulls);
        thrift.EndStruct();
    }

    /// <summary>Both lists of bounds must go one way; pages of nulls alone are passed over.</summary>
    private BoundaryOrder Order()
    {
        var (ascending, descending) = (true, true);
        Page? before = null;
        foreach (var page in _pages)
        {
            if (page.AllNull)
                continue;
            if (before is not null)
            {
                var (low, high) = (Compare(before.Low!, page.Low!), Compare(before.High!, page.High!));
                ascending &= low <= 0 && high <= 0;
                descending &= low >= 0 && high >= 0;
            }

            before = page;
        }

        return ascending ? BoundaryOrder.Ascending : descending ? BoundaryOrder.Descending : BoundaryOrder.Unordered;
    }

    private int Compare(byte[] left, byte[] right) => field.Type switch
    {
        PhysicalType.Boolean => left[0].CompareTo(right[0]),
        PhysicalType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(left).CompareTo(BinaryPrimitives.ReadInt32LittleEndian(right)),
        PhysicalType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(left).CompareTo(BinaryPrimitives.ReadInt64LittleEndian(right)),
        PhysicalType.Double => BinaryPrimitives.ReadDoubleLittleEndian(left).CompareTo(BinaryPrimitives.ReadDoubleLittleEndian(right)),
        _ => left.AsSpan().SequenceCompareTo(right),
    };

    private sealed record Page(long Offset, int Size, long FirstRow, long ValueBytes, long Nulls, bool AllNull, byte[]? Low, byte[]? High);
}
