using System.Text.Unicode;

namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// One leaf column of the row group that is being filled. Entries go into the current page; full pages are compressed and kept until the row
/// group is written. A page ends only where a row ends, so every page begins at repetition level 0.
/// </summary>
internal sealed class ColumnChunkWriter : IDisposable
{
    // A dictionary that stays below this costs next to nothing, so it is not judged before.
    private const int DictionaryTrialBytes = 64 << 10;

    private readonly ParquetWriterOptions _options;
    private readonly PageAssembler _assembler;
    private readonly ByteBuffer _repetitions = new();
    private readonly ByteBuffer _definitions = new();
    private readonly ByteBuffer _values = new();
    private readonly ByteBuffer _text;
    private readonly SegmentedBuffer _pages = new();
    private readonly SegmentedBuffer _dictionaryPage = new();
    private readonly ColumnStatistics _pageStatistics;
    private readonly ColumnStatistics _chunkStatistics;
    private readonly PageIndexBuilder? _pageIndex;
    private readonly PageBoundary _boundary;
    private readonly RowSize _row;
    private readonly ValueDictionary? _dictionary;
    private int[] _indexes = [];
    private int _indexCount;
    private bool _useDictionary;
    private int _entries;
    private int _pageRows;
    private int _rowStarts;
    private long _pageValueBytes;
    private long _rows;
    private long _chunkEntries;
    private long _dictionaryRaw;
    private int _dictionaryPages;
    private int _plainPages;
    private long _uncompressed;

    public ColumnChunkWriter(SchemaLeaf leaf, ParquetWriterOptions options, PageAssembler assembler, ByteBuffer text, RowSize row)
    {
        Leaf = leaf;
        _options = options;
        _assembler = assembler;
        _text = text;
        _row = row;
        _boundary = new PageBoundary(options);
        _pageIndex = options.PageIndex ? new PageIndexBuilder(leaf.Field) : null;
        _pageStatistics = new ColumnStatistics(leaf.Field);
        _chunkStatistics = new ColumnStatistics(leaf.Field);
        if (leaf.Field.Type == PhysicalType.ByteArray && options.DictionaryBytes > 0)
            _dictionary = new ValueDictionary();
        _useDictionary = _dictionary is not null;
    }

    public SchemaLeaf Leaf { get; }

    /// <summary>The repetition level of the next entry: 0 at the start of a row, then that of the innermost list that goes on.</summary>
    public int NextRepetition { get; set; }

    /// <summary>Entries in the current page; a list compares it to see whether it got an element.</summary>
    public int Entries => _entries;

    /// <summary>Bytes of the values of this row group as they would be without encoding; a null counts one.</summary>
    public long RawBytes { get; private set; }

    /// <summary>Stands for the last values, where content defines boundaries.</summary>
    public ulong Rolling => _boundary.Rolling;

    /// <summary>The repetition levels of the current page.</summary>
    public ReadOnlySpan<byte> Repetitions => _repetitions.Span;

    public void AddNull(int definition)
    {
        Entry(definition, 1);
        _pageStatistics.Nulls++;
    }

    public void Add(long value)
    {
        var size = Leaf.Field.Type switch { PhysicalType.Boolean => 1, PhysicalType.Int32 => 4, _ => 8 };
        Entry(Leaf.MaxDefinition, size);
        _pageStatistics.Observe(value);
        if (_boundary.ByContent)
            _boundary.Value((ulong)value, size);
        if (size == 1)
            _values.Append((byte)value);
        else if (size == 4)
            _values.AppendInt32((int)value);
        else
            _values.AppendInt64(value);
    }

    public void Add(double value)
    {
        Entry(Leaf.MaxDefinition, 8);
        _pageStatistics.Observe(value);
        var bits = BitConverter.DoubleToInt64Bits(value);
        if (_boundary.ByContent)
            _boundary.Value((ulong)bits, 8);
        _values.AppendInt64(bits);
    }

    public void Add(ReadOnlySpan<char> text)
    {
        // A text that cannot fit is refused before there is room for it; of a long one the bytes are counted, of others three a char are enough.
        _row.Require(text.Length, Leaf);
        _text.Clear(_options.KeptBufferBytes);
        var most = text.Length <= _options.PageBytes ? text.Length * 3 : System.Text.Encoding.UTF8.GetByteCount(text);
        var status = Utf8.FromUtf16(text, _text.Room(most), out _, out var written, replaceInvalidSequences: false);
        if (status != System.Buffers.OperationStatus.Done)
            throw new ShardException(ShardFault.BadRow, $"column '{Leaf.DottedPath}': the text has half of a surrogate pair, which UTF-8 cannot hold.");
        _text.Advance(written);
        AddValid(_text.Span);
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        if (Leaf.Field.Annotation != Annotation.None && !Utf8.IsValid(value))
            throw new ShardException(ShardFault.BadRow, $"column '{Leaf.DottedPath}': a value of {value.Length} bytes is not UTF-8.");
        AddValid(value);
    }

    /// <summary>Checks that the row gave this column exactly one record, and ends the page where it is full.</summary>
    public void EndRow()
    {
        if (_rowStarts != 1)
            throw new InvalidOperationException($"Column '{Leaf.DottedPath}' got {_rowStarts} values in a row that needs exactly one (a null counts).");
        _rowStarts = 0;
        _pageRows++;
        _rows++;
        // Before the dictionary is judged, which may end the page for its own reasons.
        var full = _boundary.ByContent ? _boundary.EndRow() : PageIsFull();
        if (_useDictionary)
            JudgeDictionary();
        if (full && _entries > 0)
            EndPage();
    }

    /// <summary>Ends the chunk and appends it to the file. The writer is empty afterwards.</summary>
    public ColumnChunkRecord Flush(Stream output, long position)
    {
        if (_useDictionary && _dictionaryPages == 0 && !DictionaryPays())
            LeaveDictionary();
        if (_entries > 0)
            EndPage();
        var hasDictionary = _dictionaryPages > 0;
        if (hasDictionary)
            _uncompressed += _assembler.Dictionary(_dictionaryPage, _dictionary!).Uncompressed;
        var record = new ColumnChunkRecord(Leaf, _chunkEntries, _uncompressed, _dictionaryPage.Length + _pages.Length)
        {
            DictionaryOffset = hasDictionary ? position : null,
            DataOffset = position + _dictionaryPage.Length,
            DictionaryPages = _dictionaryPages,
            PlainPages = _plainPages,
            Statistics = ColumnChunkRecord.Serialize(_chunkStatistics),
            PageIndex = _pageIndex?.Serialize(position + _dictionaryPage.Length),
        };
        _dictionaryPage.CopyTo(output);
        _pages.CopyTo(output);
        Reset();
        return record;
    }

    public void Dispose()
    {
        _pages.Dispose();
        _dictionaryPage.Dispose();
    }

    private void AddValid(ReadOnlySpan<byte> value)
    {
        Entry(Leaf.MaxDefinition, 4L + value.Length);
        _pageStatistics.Observe(value);
        _pageValueBytes += value.Length;
        var digest = _useDictionary || _boundary.ByContent ? PageBoundary.Digest(value) : 0;
        if (_boundary.ByContent)
            _boundary.Value(digest, 4 + (_useDictionary ? 0 : value.Length));
        if (!_useDictionary)
        {
            _values.AppendInt32(value.Length);
            _values.Append(value);
            return;
        }

        if (_indexCount == _indexes.Length)
            Array.Resize(ref _indexes, Math.Max(64, _indexCount * 2));
        _indexes[_indexCount++] = _dictionary!.IndexOf(value, digest);
        _dictionaryRaw += 4 + value.Length;
    }

    private void Entry(int definition, long size)
    {
        _row.Add(size, Leaf);
        RawBytes += size;
        if (NextRepetition == 0)
            _rowStarts++;
        if (Leaf.MaxRepetition > 0)
            _repetitions.Append((byte)NextRepetition);
        if (Leaf.MaxDefinition > 0)
        {
            _definitions.Append((byte)definition);
            if (_boundary.ByContent)
                _boundary.Levels(NextRepetition, definition);
        }

        _entries++;
        NextRepetition = Leaf.MaxRepetition;
    }

    // Without content-defined boundaries. It may look at rows only, never at time or memory: that keeps the bytes reproducible.
    private bool PageIsFull()
    {
        var values = _useDictionary ? (long)_indexCount * HybridEncoder.Width(_dictionary!.Count) / 8 : _values.Length;
        return values + (_entries / 4) >= _options.PageBytes || _pageRows >= _options.PageRows;
    }

    /// <summary>A dictionary pays where it holds at most half of the bytes that it stands for.</summary>
    private bool DictionaryPays() => _dictionary!.Count > 0 && _dictionary.Plain.Length * 2L <= _dictionaryRaw;

    private void JudgeDictionary()
    {
        var size = _dictionary!.Plain.Length;
        if (size > DictionaryTrialBytes && !DictionaryPays())
        {
            if (_dictionaryPages > 0)
                EndPage();
            LeaveDictionary();
        }
        else if (size > _options.DictionaryBytes)
        {
            EndPage();
            _useDictionary = false;
        }
    }

    /// <summary>Goes on without the dictionary, in PLAIN, with what the current page holds.</summary>
    private void LeaveDictionary()
    {
        _useDictionary = false;
        for (var i = 0; i < _indexCount; i++)
        {
            var value = _dictionary![_indexes[i]];
            _values.AppendInt32(value.Length);
            _values.Append(value);
        }

        _indexCount = 0;
        _boundary.BeginPage(_values.Length);
    }

    private void EndPage()
    {
        var payload = _assembler.Payload;
        payload.Clear();
        Levels(_repetitions, Leaf.MaxRepetition, payload);
        Levels(_definitions, Leaf.MaxDefinition, payload);
        // A page of nulls alone has no values to look up, and perhaps no dictionary either.
        var byIndex = _useDictionary && _indexCount > 0;
        if (byIndex)
        {
            // Width 1 at least: some readers take a width of 0 for a missing column.
            var width = Math.Max(1, HybridEncoder.Width(_dictionary!.Count - 1));
            payload.Append((byte)width);
            HybridEncoder.Encode<int>(_indexes.AsSpan(0, _indexCount), width, payload);
            _dictionaryPages++;
        }
        else
        {
            if (Leaf.Field.Type == PhysicalType.Boolean)
                PackBooleans(_values.Span, payload);
            else
                payload.Append(_values.Span);
            _plainPages++;
        }

        var offset = _pages.Length;
        var (compressed, uncompressed) = _assembler.Data(_pages, _entries, byIndex ? PageEncoding.RleDictionary : PageEncoding.Plain, _pageStatistics);
        _uncompressed += uncompressed;
        _pageIndex?.Add(offset, compressed, _rows - _pageRows, _pageValueBytes, _pageStatistics);
        _chunkEntries += _entries;
        _chunkStatistics.Merge(_pageStatistics);
        ClearPage();
    }

    private static void Levels(ByteBuffer levels, int max, ByteBuffer payload)
    {
        if (max == 0)
            return;
        var length = payload.Length;
        payload.AppendInt32(0);
        HybridEncoder.Encode(levels.Span, HybridEncoder.Width(max), payload);
        payload.PatchInt32(length, payload.Length - length - 4);
    }

    private static void PackBooleans(ReadOnlySpan<byte> values, ByteBuffer payload)
    {
        for (var i = 0; i < values.Length; i += 8)
        {
            var packed = 0;
            for (var bit = 0; bit < 8 && i + bit < values.Length; bit++)
                packed |= values[i + bit] << bit;
            payload.Append((byte)packed);
        }
    }

    private void ClearPage()
    {
        _repetitions.Clear(_options.KeptBufferBytes);
        _definitions.Clear(_options.KeptBufferBytes);
        _values.Clear(_options.KeptBufferBytes);
        if (_indexes.Length > _options.KeptBufferBytes)
            _indexes = [];
        _indexCount = 0;
        _entries = 0;
        _pageValueBytes = 0;
        _boundary.BeginPage();
        _pageRows = 0;
        _pageStatistics.Reset();
    }

    private void Reset()
    {
        ClearPage();
        _pages.Clear();
        _dictionaryPage.Clear();
        _dictionary?.Clear(_options.KeptBufferBytes);
        _boundary.Reset();
        _useDictionary = _dictionary is not null;
        _chunkStatistics.Reset();
        _pageIndex?.Clear();
        _rows = _chunkEntries = _dictionaryRaw = _uncompressed = RawBytes = 0;
        _dictionaryPages = _plainPages = 0;
    }
}
