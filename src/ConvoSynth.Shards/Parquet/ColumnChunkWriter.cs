using System.Text.Unicode;

namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// One leaf column of the row group that is being filled. Entries go into the current page; full pages are compressed and kept until the row
/// group is written. A page ends only where a row ends, so every page begins at repetition level 0.
/// </summary>
internal sealed class ColumnChunkWriter : IDisposable
{
    /// <summary>The largest single value, and the most that one row may put into one column: far below the 2 GiB that readers can hold.</summary>
    public const int LargestRowBytes = 512 << 20;

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
    private readonly List<PageRecord> _pageRecords = [];
    private readonly ValueDictionary? _dictionary;
    private int[] _indexes = [];
    private int _indexCount;
    private bool _useDictionary;
    private int _entries;
    private int _pageRows;
    private int _rowStarts;
    private long _rowRawStart;
    private long _rows;
    private long _chunkEntries;
    private long _dictionaryRaw;
    private int _dictionaryPages;
    private int _plainPages;
    private long _uncompressed;

    public ColumnChunkWriter(SchemaLeaf leaf, ParquetWriterOptions options, PageAssembler assembler, ByteBuffer text)
    {
        Leaf = leaf;
        _options = options;
        _assembler = assembler;
        _text = text;
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

    /// <summary>Bytes of the values of this row group as they would be without encoding.</summary>
    public long RawBytes { get; private set; }

    /// <summary>The repetition levels of the current page.</summary>
    public ReadOnlySpan<byte> Repetitions => _repetitions.Span;

    public void AddNull(int definition)
    {
        Entry(definition);
        _pageStatistics.Nulls++;
    }

    public void Add(long value)
    {
        Entry(Leaf.MaxDefinition);
        _pageStatistics.Observe(value);
        switch (Leaf.Field.Type)
        {
            case PhysicalType.Boolean:
                _values.Append((byte)value);
                RawBytes++;
                break;
            case PhysicalType.Int32:
                _values.AppendInt32((int)value);
                RawBytes += 4;
                break;
            default:
                _values.AppendInt64(value);
                RawBytes += 8;
                break;
        }
    }

    public void Add(double value)
    {
        Entry(Leaf.MaxDefinition);
        _pageStatistics.Observe(value);
        _values.AppendInt64(BitConverter.DoubleToInt64Bits(value));
        RawBytes += 8;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        _text.Clear();
        var status = Utf8.FromUtf16(text, _text.Room(checked(text.Length * 3)), out _, out var written, replaceInvalidSequences: false);
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
        _rowRawStart = RawBytes;
        _pageRows++;
        _rows++;
        if (_useDictionary)
            JudgeDictionary();
        if (PageIsFull())
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
            Pages = [.. _pageRecords],
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
        RawBytes += 4 + value.Length;
        if (RawBytes - _rowRawStart > LargestRowBytes)
            throw new ShardException(ShardFault.BadRow, $"column '{Leaf.DottedPath}': one row has more than {LargestRowBytes} bytes in it, the most that a page may hold.");
        Entry(Leaf.MaxDefinition);
        _pageStatistics.Observe(value);
        if (!_useDictionary)
        {
            _values.AppendInt32(value.Length);
            _values.Append(value);
            return;
        }

        if (_indexCount == _indexes.Length)
            Array.Resize(ref _indexes, Math.Max(64, _indexCount * 2));
        _indexes[_indexCount++] = _dictionary!.IndexOf(value);
        _dictionaryRaw += 4 + value.Length;
    }

    private void Entry(int definition)
    {
        if (NextRepetition == 0)
            _rowStarts++;
        if (Leaf.MaxRepetition > 0)
            _repetitions.Append((byte)NextRepetition);
        if (Leaf.MaxDefinition > 0)
            _definitions.Append((byte)definition);
        _entries++;
        NextRepetition = Leaf.MaxRepetition;
    }

    // The one place that says where a page ends. It may look at rows only, never at time or memory: that keeps the bytes reproducible.
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
        var (compressed, uncompressed) = _assembler.Data(_pages, _entries, byIndex ? PageEncoding.RleDictionary : PageEncoding.Plain);
        _uncompressed += uncompressed;
        _pageRecords.Add(new PageRecord(offset, compressed, _rows - _pageRows));
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
        _repetitions.Clear();
        _definitions.Clear();
        _values.Clear();
        _indexCount = 0;
        _entries = 0;
        _pageRows = 0;
        _pageStatistics.Reset();
    }

    private void Reset()
    {
        ClearPage();
        _pages.Clear();
        _dictionaryPage.Clear();
        _dictionary?.Clear();
        _useDictionary = _dictionary is not null;
        _chunkStatistics.Reset();
        _pageRecords.Clear();
        _rows = _chunkEntries = _dictionaryRaw = _uncompressed = _rowRawStart = RawBytes = 0;
        _dictionaryPages = _plainPages = 0;
    }
}
