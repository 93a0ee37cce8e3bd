using System.Buffers.Binary;

namespace ConvoSynth.Shards.Parquet;

/// <summary>A row group of an open file: its rows, and its bytes on disk and unpacked.</summary>
public sealed record RowGroupInfo(long Rows, long CompressedBytes, long UncompressedBytes);

/// <summary>
/// An open Parquet file: ours, or anyone's that keeps to the codecs UNCOMPRESSED, SNAPPY, GZIP and BROTLI. A damaged file is a
/// <see cref="ShardException"/> with the file's name, wherever the damage is met.
/// </summary>
public sealed class ParquetFile : IDisposable
{
    // A footer has some hundred bytes per column and row group; this is far above what any real file has.
    private const int LargestFooter = 256 << 20;
    private readonly Stream _stream;
    private readonly FileMetadata _metadata;

    private ParquetFile(Stream stream, string name, FileMetadata metadata)
    {
        _stream = stream;
        _metadata = metadata;
        Name = name;
        RowGroups = [.. metadata.Groups.Select(group => new RowGroupInfo(
            group.Rows, group.Chunks.Sum(chunk => chunk.CompressedBytes), group.Chunks.Sum(chunk => chunk.UncompressedBytes)))];
    }

    public string Name { get; }

    public ParquetSchema Schema => _metadata.Schema;

    public long Rows => _metadata.Rows;

    /// <summary>How its pages are compressed: those of its first column, since a writer compresses all alike; null where it has no row.</summary>
    public Codec? Codec => _metadata.Groups is [{ Chunks: [var chunk, ..] }, ..] ? chunk.Codec : null;

    public IReadOnlyList<RowGroupInfo> RowGroups { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Metadata => _metadata.Pairs;

    public string CreatedBy => _metadata.CreatedBy;

    /// <summary>Reads the footer. The stream must seek; it is closed with this object, also when opening fails.</summary>
    /// <exception cref="ShardException">The file is damaged or uses what this reader does not have.</exception>
    public static ParquetFile Open(Stream stream, string name)
    {
        try
        {
            return new ParquetFile(stream, name, ReadFooter(stream));
        }
        catch (DamageException damage)
        {
            stream.Dispose();
            throw damage.In(name);
        }
    }

    /// <summary>A cursor over the rows of one row group. Only the pages of the columns named here are read.</summary>
    /// <param name="rowGroup">From 0.</param>
    /// <param name="columns">Names of fields at the schema's root, each with all that is below it; null for all.</param>
    /// <param name="firstRow">The row of the group to begin with, from 0; where the file has a page index, the pages before it are not read.</param>
    /// <exception cref="ArgumentException">There is no column of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The row group has fewer rows.</exception>
    public RowCursor ReadRows(int rowGroup, IReadOnlyList<string>? columns = null, long firstRow = 0)
    {
        var group = _metadata.Groups[rowGroup];
        if (firstRow < 0 || firstRow > group.Rows)
            throw new ArgumentOutOfRangeException(nameof(firstRow), $"Row {firstRow} of row group {rowGroup} of '{Name}' is not there: it has {group.Rows}.");
        var nodes = columns is null ? Schema.Root.Children : [.. columns.Select(Find)];
        try
        {
            return new RowCursor(_stream, Name, nodes, group, firstRow);
        }
        catch (DamageException damage)
        {
            throw damage.In(Name);
        }
    }

    /// <summary>What the footer says of a column's values in a row group.</summary>
    /// <param name="rowGroup">From 0.</param>
    /// <param name="path">The path of a leaf, with dots, such as <c>messages.list.element</c>.</param>
    public ChunkStatistics Statistics(int rowGroup, string path) => Chunk(rowGroup, path).Statistics;

    /// <summary>The data pages of a column in a row group with their bounds, out of the page index; null where the file has none.</summary>
    /// <param name="rowGroup">From 0.</param>
    /// <param name="path">The path of a leaf, with dots.</param>
    /// <exception cref="ShardException">The index is damaged.</exception>
    public IReadOnlyList<PageInfo>? Pages(int rowGroup, string path)
    {
        var leaf = Leaf(path);
        try
        {
            return PageIndexReader.Read(_stream, leaf, _metadata.Groups[rowGroup].Chunks[leaf.Ordinal], _metadata.Groups[rowGroup].Rows, bounds: true);
        }
        catch (DamageException damage)
        {
            throw damage.In(Name);
        }
    }

    /// <summary>The encodings that a column uses in a row group, by their names in the format.</summary>
    public IReadOnlyList<string> Encodings(int rowGroup, string path) =>
        [.. Chunk(rowGroup, path).Encodings.Select(encoding => ((PageEncoding)encoding).ToString())];

    public void Dispose() => _stream.Dispose();

    private ChunkMetadata Chunk(int rowGroup, string path) => _metadata.Groups[rowGroup].Chunks[Leaf(path).Ordinal];

    private SchemaLeaf Leaf(string path) => Schema.Leaves.FirstOrDefault(leaf => leaf.DottedPath == path)
        ?? throw new ArgumentException($"'{Name}' has no column '{path}'.", nameof(path));

    private SchemaNode Find(string name) =>
        Schema.Root.Children.FirstOrDefault(node => node.Field.Name == name)
        ?? throw new ArgumentException($"'{Name}' has no column '{name}'.", nameof(name));

    private static FileMetadata ReadFooter(Stream stream)
    {
        var length = stream.Length;
        if (length < 12)
            throw new DamageException($"{length} bytes are too few for a Parquet file");
        Span<byte> ends = stackalloc byte[12];
        stream.Position = 0;
        stream.ReadExactly(ends[..4]);
        stream.Position = length - 8;
        stream.ReadExactly(ends[4..]);
        if (ends[8..].SequenceEqual("PARE"u8))
            throw new DamageException("it is encrypted", ShardFault.Unsupported);
        if (!ends[..4].SequenceEqual("PAR1"u8) || !ends[8..].SequenceEqual("PAR1"u8))
            throw new DamageException("it does not begin and end with the mark of a Parquet file");
        var footer = BinaryPrimitives.ReadInt32LittleEndian(ends[4..]);
        if (footer <= 0 || footer > length - 12 || footer > LargestFooter)
            throw new DamageException($"its footer claims {footer} bytes of {length}");
        var bytes = new byte[footer];
        stream.Position = length - 8 - footer;
        stream.ReadExactly(bytes);
        return FooterReader.Read(bytes, length - 8 - footer);
    }
}
