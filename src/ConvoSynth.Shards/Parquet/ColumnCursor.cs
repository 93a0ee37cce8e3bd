using System.Buffers.Binary;

namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// Stands on one entry of a column chunk after another: its levels, and its value where it has one. One page is in memory at a time, and
/// nothing of it is unpacked before it is asked for.
/// </summary>
internal sealed class ColumnCursor
{
    // Run lengths let a file of some bytes claim thousands of millions of elements in one row; so many are believed without bytes to show for it.
    private const int UnbackedElements = 1 << 20;
    private readonly PageReader _pages;
    private HybridDecoder? _repetitions;
    private HybridDecoder? _definitions;
    private ValueDecoder? _values;
    private Cell[]? _dictionary;
    // Entries that are left; after a jump only the most that there can be, and then the chunk's last page ends it.
    private long _left;
    private bool _jumped;
    private long _inRow;
    private readonly long _mostInRow;
    private int _leftInPage;
    private Cell _cell;

    public ColumnCursor(Stream file, SchemaLeaf leaf, ChunkMetadata chunk)
        : this(file, leaf, chunk, null, 0)
    {
    }

    /// <summary>Begins at a row; with the chunk's pages at hand, those before it are not read.</summary>
    public ColumnCursor(Stream file, SchemaLeaf leaf, ChunkMetadata chunk, PageInfo[]? pages, long row)
    {
        Leaf = leaf;
        _pages = new PageReader(file, chunk);
        _left = chunk.Entries;
        _mostInRow = Math.Max(UnbackedElements, chunk.CompressedBytes * 64);
        var skip = row;
        if (pages is not null && row > 0)
        {
            var page = PageIndexReader.Holding(pages, row);
            if (chunk.Start < pages[0].Offset)
                OpenPage(dictionaryOnly: true);
            _pages.MoveTo(page.Offset);
            _left -= page.FirstRow;
            _jumped = true;
            skip = row - page.FirstRow;
        }

        Next();
        if (_jumped && !AtEnd && Repetition != 0)
            throw new DamageException($"a page of column '{Leaf.DottedPath}' begins in the middle of a row");
        for (; skip > 0; skip--)
            NextRow();
    }

    public SchemaLeaf Leaf { get; }

    public bool AtEnd { get; private set; }

    public int Repetition { get; private set; }

    public int Definition { get; private set; }

    public bool HasValue => Definition == Leaf.MaxDefinition;

    public ref readonly Cell Cell => ref _cell;

    /// <summary>Passes over what is left of the row.</summary>
    public void NextRow()
    {
        if (AtEnd)
            throw new DamageException($"column '{Leaf.DottedPath}' has fewer rows than the footer says");
        do
            Next();
        while (!AtEnd && Repetition > 0);
    }

    public void Next()
    {
        while (_leftInPage == 0)
        {
            if (_left == 0 || (_jumped && !_pages.HasMore))
            {
                AtEnd = true;
                Repetition = 0;
                return;
            }

            OpenPage();
        }

        _left--;
        _leftInPage--;
        Repetition = _repetitions?.Next() ?? 0;
        Definition = _definitions?.Next() ?? 0;
        if (Repetition > Leaf.MaxRepetition || Definition > Leaf.MaxDefinition)
            throw new DamageException($"column '{Leaf.DottedPath}' has the levels {Repetition} and {Definition}, above its {Leaf.MaxRepetition} and {Leaf.MaxDefinition}");
        _inRow = Repetition == 0 ? 0 : _inRow + 1;
        if (_inRow > _mostInRow)
            throw new DamageException($"column '{Leaf.DottedPath}' has more than {_mostInRow} elements in one row", ShardFault.Unsupported);
        if (Definition == Leaf.MaxDefinition)
            _values!.Next(ref _cell);
    }

    private void OpenPage(bool dictionaryOnly = false)
    {
        var header = _pages.NextHeader();
        switch (header.Type)
        {
            case PageType.Data or PageType.DataV2 when dictionaryOnly:
                break;
            case PageType.Dictionary:
                OpenDictionary(header);
                break;
            case PageType.Data or PageType.DataV2:
                if (header.Entries < 0 || header.Entries > _left)
                    throw new DamageException($"a page of column '{Leaf.DottedPath}' claims {header.Entries} entries where {_left} are left");
                OpenData(header, _pages.Payload(header));
                _leftInPage = header.Entries;
                break;
            default:
                _pages.SkipPayload(header);
                break;
        }
    }

    private void OpenDictionary(PageHeader header)
    {
        if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
            throw new DamageException($"a dictionary is encoded as {header.Encoding}");
        var page = _pages.Payload(header);
        var least = Leaf.Field.Type switch
        {
            PhysicalType.Int64 or PhysicalType.Double => 8,
            PhysicalType.FixedLenByteArray => Leaf.FixedLength,
            _ => 4,
        };
        if (header.Entries < 0 || (long)header.Entries * least > page.Length)
            throw new DamageException($"a dictionary of {page.Length} bytes claims {header.Entries} values");
        var plain = new PlainDecoder(Leaf.Field.Type, Leaf.FixedLength, page, 0, page.Length);
        _dictionary = new Cell[header.Entries];
        for (var i = 0; i < _dictionary.Length; i++)
            plain.Next(ref _dictionary[i]);
    }

    private void OpenData(PageHeader header, byte[] page)
    {
        var position = 0;
        if (header.Type == PageType.DataV2)
        {
            _repetitions = Levels(page, 0, header.RepetitionBytes, Leaf.MaxRepetition);
            position = header.RepetitionBytes + header.DefinitionBytes;
            _definitions = Levels(page, header.RepetitionBytes, position, Leaf.MaxDefinition);
        }
        else
        {
            _repetitions = LevelsBehindLength(page, ref position, Leaf.MaxRepetition, header.RepetitionEncoding);
            _definitions = LevelsBehindLength(page, ref position, Leaf.MaxDefinition, header.DefinitionEncoding);
        }

        _values = Decoder(header.Encoding, page, position, header.Entries);
    }

    private ValueDecoder Decoder(PageEncoding encoding, byte[] page, int start, int entries)
    {
        var (type, fixedLength, end) = (Leaf.Field.Type, Leaf.FixedLength, page.Length);
        switch (encoding)
        {
            case PageEncoding.Plain:
                return new PlainDecoder(type, fixedLength, page, start, end);
            case PageEncoding.RleDictionary or PageEncoding.PlainDictionary:
                // Where every entry is null, writers leave out the width and even the dictionary.
                if (start >= end)
                    return new DictionaryDecoder([], new HybridDecoder(page, end, end, 0));
                if (_dictionary is null)
                    throw new DamageException($"a page of column '{Leaf.DottedPath}' needs a dictionary that is not there");
                return new DictionaryDecoder(_dictionary, new HybridDecoder(page, start + 1, end, page[start]));
            case PageEncoding.Rle when type == PhysicalType.Boolean:
                return new RunBooleanDecoder(start >= end
                    ? new HybridDecoder(page, end, end, 1)
                    : LevelsBehindLength(page, ref start, 1, PageEncoding.Rle)!);
            case PageEncoding.DeltaBinaryPacked:
                return new DeltaBinaryDecoder(type, page, start, end, entries);
            case PageEncoding.DeltaLengthByteArray when type == PhysicalType.ByteArray:
                return new DeltaLengthDecoder(page, start, end, entries);
            case PageEncoding.DeltaByteArray when type is PhysicalType.ByteArray or PhysicalType.FixedLenByteArray:
                return new DeltaPrefixDecoder(page, start, end, entries);
            case PageEncoding.ByteStreamSplit:
                return new SplitDecoder(type, fixedLength, page, start, end);
            default:
                throw new DamageException($"column '{Leaf.DottedPath}' is encoded as {encoding}, which does not go with {type} here", ShardFault.Unsupported);
        }
    }

    private static HybridDecoder? LevelsBehindLength(byte[] page, ref int position, int max, PageEncoding encoding)
    {
        if (max == 0)
            return null;
        if (encoding != PageEncoding.Rle)
            throw new DamageException($"its levels are encoded as {encoding}", ShardFault.Unsupported);
        if (page.Length - position < 4)
            throw new DamageException("a page ends before its levels");
        var length = BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(position));
        position += 4;
        if (length < 0 || length > page.Length - position)
            throw new DamageException($"the levels of a page take {length} bytes where it has {page.Length - position}");
        var levels = Levels(page, position, position + length, max);
        position += length;
        return levels;
    }

    private static HybridDecoder? Levels(byte[] page, int start, int end, int max) =>
        max == 0 ? null : new HybridDecoder(page, start, end, HybridEncoder.Width(max));
}
