using System.Diagnostics.CodeAnalysis;

namespace ConvoSynth.Shards.Parquet;

/// <summary>A data page as the page index of its chunk has it.</summary>
/// <param name="Offset">Where its header is in the file.</param>
/// <param name="Bytes">Its bytes in the file, with the header.</param>
/// <param name="FirstRow">Its first row, counted from that of the row group.</param>
/// <param name="Rows">Rows that begin in it.</param>
public sealed record PageInfo(long Offset, int Bytes, long FirstRow, long Rows)
{
    /// <summary>Whether it holds nulls alone; null where there is no column index.</summary>
    public bool? AllNull { get; init; }

    /// <summary>A lower bound of its values in PLAIN form; null where nothing is known of them.</summary>
    public byte[]? Min { get; init; }

    /// <summary>An upper bound of its values in PLAIN form; null where nothing is known of them.</summary>
    public byte[]? Max { get; init; }

    public long? Nulls { get; init; }
}

/// <summary>Reads the page index of a chunk, which lies apart from the footer so that only who looks for single rows pays for it.</summary>
internal static class PageIndexReader
{
    /// <summary>The pages of a chunk in order, with their bounds if the file has those; null if it has no offset index.</summary>
    public static PageInfo[]? Read(Stream file, SchemaLeaf leaf, ChunkMetadata chunk, long rows, bool bounds)
    {
        if (chunk.OffsetIndexOffset is not { } offset)
            return null;
        var pages = ReadOffsets(Load(file, offset, chunk.OffsetIndexBytes), leaf, chunk, rows);
        if (bounds && chunk.ColumnIndexOffset is { } columns)
            ReadBounds(Load(file, columns, chunk.ColumnIndexBytes), leaf, pages);
        return pages;
    }

    /// <summary>The page in which a row is.</summary>
    public static PageInfo Holding(PageInfo[] pages, long row)
    {
        var (low, high) = (0, pages.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (pages[middle].FirstRow <= row)
                low = middle;
            else
                high = middle - 1;
        }

        return pages[low];
    }

    private static byte[] Load(Stream file, long offset, int count)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        file.Position = offset;
        if (file.ReadAtLeast(bytes, count, throwOnEndOfStream: false) != count)
            throw new DamageException("it is shorter than its footer says");
        return bytes;
    }

    private static PageInfo[] ReadOffsets(byte[] bytes, SchemaLeaf leaf, ChunkMetadata chunk, long rows)
    {
        var thrift = new CompactReader(bytes);
        var places = new List<PageInfo>();
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            if (id == 1 && type == CompactType.List)
                for (var left = thrift.List(out _); left > 0; left--)
                    places.Add(ReadPlace(ref thrift));
            else
                thrift.Skip(type);
        }

        var end = chunk.Start + chunk.CompressedBytes;
        var next = chunk.Start;
        for (var i = 0; i < places.Count; i++)
        {
            var (offset, size, first, _) = places[i];
            var until = i + 1 < places.Count ? places[i + 1].FirstRow : rows;
            if (offset < next || size <= 0 || size > end - offset || (i == 0 && first != 0) || until <= first || until > rows)
                Refuse(leaf);
            next = offset + size;
            places[i] = places[i] with { Rows = until - first };
        }

        if (places.Count == 0 && rows > 0)
            Refuse(leaf);
        return [.. places];
    }

    private static PageInfo ReadPlace(ref CompactReader thrift)
    {
        var (offset, size, first, id) = (-1L, -1, -1L, 0);
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1 when type == CompactType.I64:
                    offset = thrift.I64();
                    break;
                case 2 when type == CompactType.I32:
                    size = thrift.I32();
                    break;
                case 3 when type == CompactType.I64:
                    first = thrift.I64();
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return new PageInfo(offset, size, first, 0);
    }

    private static void ReadBounds(byte[] bytes, SchemaLeaf leaf, PageInfo[] pages)
    {
        var thrift = new CompactReader(bytes);
        bool[]? empty = null;
        byte[][]? low = null;
        byte[][]? high = null;
        long[]? nulls = null;
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1 when type == CompactType.List:
                    empty = new bool[Count(ref thrift, leaf, pages)];
                    for (var i = 0; i < empty.Length; i++)
                        empty[i] = thrift.BoolElement();
                    break;
                case 2 when type == CompactType.List:
                    low = Bounds(ref thrift, leaf, pages);
                    break;
                case 3 when type == CompactType.List:
                    high = Bounds(ref thrift, leaf, pages);
                    break;
                case 5 when type == CompactType.List:
                    nulls = new long[Count(ref thrift, leaf, pages)];
                    for (var i = 0; i < nulls.Length; i++)
                        nulls[i] = thrift.I64();
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        if (empty is null || low is null || high is null)
            Refuse(leaf);
        for (var i = 0; i < pages.Length; i++)
            pages[i] = pages[i] with { AllNull = empty[i], Min = empty[i] ? null : low[i], Max = empty[i] ? null : high[i], Nulls = nulls?[i] };
    }

    private static byte[][] Bounds(ref CompactReader thrift, SchemaLeaf leaf, PageInfo[] pages)
    {
        var bounds = new byte[Count(ref thrift, leaf, pages)][];
        for (var i = 0; i < bounds.Length; i++)
            bounds[i] = thrift.Binary().ToArray();
        return bounds;
    }

    private static int Count(ref CompactReader thrift, SchemaLeaf leaf, PageInfo[] pages)
    {
        var count = thrift.List(out _);
        if (count != pages.Length)
            Refuse(leaf);
        return count;
    }

    [DoesNotReturn]
    private static void Refuse(SchemaLeaf leaf) => throw new DamageException($"the page index of column '{leaf.DottedPath}' contradicts itself or its column");
}
