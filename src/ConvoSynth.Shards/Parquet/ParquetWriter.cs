namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// Writes one Parquet file, row by row, to a stream that need not seek. At most one row group is held in memory, compressed, and of those before
/// it their part of footer and page index: some hundred bytes a page. The file is complete only after <see cref="Finish"/>; a writer that threw in
/// the middle of a row is of no further use.
/// </summary>
/// <example><code>
/// using var writer = new ParquetWriter(stream, new ParquetSchema(PrimitiveField.Text("id"), new ListField("messages", PrimitiveField.Json("element"))));
/// var (id, messages) = (writer.Value("id"), writer.List("messages"));
/// id.Add("a"); messages.Begin(); ((ValueColumn)messages.Element).Add("{}"u8); messages.End(); writer.EndRow();
/// writer.Finish();
/// </code></example>
public sealed class ParquetWriter : IDisposable
{
    private readonly Stream _output;
    private readonly ParquetWriterOptions _options;
    private readonly PageAssembler _assembler;
    private readonly ColumnChunkWriter[] _chunks;
    private readonly GroupColumn _root;
    private readonly RowSize _row;
    private readonly ContentRule _groupEnd;
    private readonly List<RowGroupRecord> _groups = [];
    private readonly List<KeyValuePair<string, string>> _metadata = [];
    private long _position;
    private long _groupRows;
    private long _groupRawBytes;
    private bool _finished;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ParquetWriter(Stream output, ParquetSchema schema, ParquetWriterOptions? options = null)
    {
        _options = options ?? new ParquetWriterOptions();
        _options.Validate();
        _output = output;
        Schema = schema;
        _assembler = new PageAssembler(_options);
        _row = new RowSize(_options.RowBytes);
        var most = _options.RowGroupBytes;
        _groupEnd = _options.ContentDefinedPages ? new ContentRule(most / 4 * 3, most / 8 * 7, most) : new ContentRule(most, most, most);
        var text = new ByteBuffer();
        _chunks = [.. schema.Leaves.Select(leaf => new ColumnChunkWriter(leaf, _options, _assembler, text, _row))];
        _root = (GroupColumn)Bind(schema.Root, null);
        Write("PAR1"u8);
    }

    public ParquetSchema Schema { get; }

    /// <summary>Rows that have ended.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes of all values so far, uncompressed and without encoding; a null counts one.</summary>
    public long RawBytes { get; private set; }

    public Column this[string name] => _root[name];

    /// <summary>The column at a place of the schema's root, for mappings that go through the columns in order.</summary>
    public Column this[int index] => _root[index];

    public ValueColumn Value(string name) => (ValueColumn)_root[name];

    public ListColumn List(string name) => (ListColumn)_root[name];

    /// <summary>Adds a pair to the file's own metadata, in the order of the calls.</summary>
    public void AddMetadata(string key, string value) => _metadata.Add(new(key, value));

    /// <summary>Ends the row that the columns were given since the last call.</summary>
    /// <exception cref="InvalidOperationException">A column got no value, or more than one; the message names it.</exception>
    public void EndRow()
    {
        if (_finished)
            throw new InvalidOperationException("The file is finished: no row can be added.");
        long raw = 0;
        ulong rolling = 0;
        foreach (var chunk in _chunks)
        {
            chunk.EndRow();
            raw += chunk.RawBytes;
            rolling ^= chunk.Rolling;
        }

        var row = raw - _groupRawBytes;
        RawBytes += row;
        _groupRawBytes = raw;
        _row.EndRow();
        Rows++;
        _groupRows++;
        if (_groupEnd.Ends(raw, row, rolling) || _groupRows >= _options.RowGroupRows)
            FlushRowGroup();
    }

    /// <summary>Writes what is left and the footer. The stream stays open.</summary>
    /// <returns>The length of the file in bytes.</returns>
    public long Finish()
    {
        if (_finished)
            throw new InvalidOperationException("The file is finished already.");
        _finished = true;
        if (_groupRows > 0)
            FlushRowGroup();
        WritePageIndex();
        var footer = FooterWriter.Write(Schema, _groups, _metadata, _options.Codec);
        footer.AppendInt32(footer.Length);
        footer.Append("PAR1"u8);
        Write(footer.Span);
        return _position;
    }

    public void Dispose()
    {
        _assembler.Dispose();
        foreach (var chunk in _chunks)
            chunk.Dispose();
    }

    private void FlushRowGroup()
    {
        var start = _position;
        var records = new ColumnChunkRecord[_chunks.Length];
        for (var i = 0; i < _chunks.Length; i++)
        {
            records[i] = _chunks[i].Flush(_output, _position);
            _position += records[i].CompressedBytes;
        }

        _groups.Add(new RowGroupRecord(records, _groupRows, start));
        _groupRows = 0;
        _groupRawBytes = 0;
    }

    /// <summary>First the column indexes of all row groups, then their offset indexes: each kind is read in one go.</summary>
    private void WritePageIndex()
    {
        var chunks = _groups.SelectMany(group => group.Chunks).ToArray();
        foreach (var chunk in chunks)
            if (chunk.PageIndex?.Columns is { } columns)
            {
                chunk.ColumnIndexOffset = _position;
                Write(columns);
            }

        foreach (var chunk in chunks)
            if (chunk.PageIndex is { } index)
            {
                chunk.OffsetIndexOffset = _position;
                Write(index.Offsets);
            }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _position += bytes.Length;
    }

    private Column Bind(SchemaNode node, ListColumn? list)
    {
        if (node.Leaf is { } leaf)
            return new ValueColumn(node, _chunks[leaf.Ordinal], list);
        ColumnChunkWriter[] leaves = [.. node.Leaves.Select(below => _chunks[below.Ordinal])];
        return node.Field is ListField
            ? new ListColumn(node, leaves, list, (element, self) => Bind(element, self))
            : new GroupColumn(node, leaves, list, child => Bind(child, list));
    }
}
