using Parquet;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Writes a Parquet file of text and JSON columns. JSON columns bear Parquet's logical type JSON, so readers decode them. The same rows
/// in the same order give the same bytes.
/// </summary>
public sealed class DocumentTable : IDisposable
{
    private readonly ParquetShardOptions _options;
    private readonly ShardStream _output;
    private readonly ParquetWriter _parquet;
    private readonly Utf8Arena _arena = new();
    private readonly IReadOnlyList<ColumnShape> _columns;
    private readonly CellWriter[] _cells;
    private long _finishedBytes;
    private long _groupBytes;

    /// <param name="output">May be non-seekable. The caller closes it.</param>
    /// <param name="columns">In file order; of type text or JSON.</param>
    /// <param name="metadata">Key-value metadata of the file.</param>
    public DocumentTable(Stream output, IReadOnlyList<ColumnShape> columns, IReadOnlyDictionary<string, string> metadata)
    {
        if (columns.Any(column => column.Type is not (ColumnType.Text or ColumnType.Json)))
            throw new ArgumentException("a column is neither text nor JSON", nameof(columns));
        var empty = EmptyFile.Of(columns, annotated: true);
        var fields = ShardFields.Read(EmptyFile.Of(columns, annotated: false)).Schema.GetDataFields();
        _columns = columns;
        _options = new ParquetShardOptions();
        _output = new ShardStream(output, empty);
        _cells = [.. fields.Select(field => new CellWriter(field, _arena))];
        _parquet = Synchronous.End(
            ParquetWriter.CreateAsync(ShardFields.Read(empty).Schema, _output, ParquetShardWriter.Options(_options), append: true)
        );
        _parquet.CustomMetadata = metadata;
    }

    public long Rows { get; private set; }

    /// <summary>Bytes of the rows so far, before encoding and compression.</summary>
    public long RawBytes => _finishedBytes + _groupBytes;

    /// <summary>Sets the next column of the row that is being written; an empty value is null.</summary>
    public void Cell(int column, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            Require(_columns[column].Optional, column);
            _cells[column].None();
            _groupBytes++;
            return;
        }

        _cells[column].Value(_arena.Store(value), repetition: 0);
        _groupBytes += value.Length;
    }

    /// <summary>Sets a list column of the row that is being written.</summary>
    public void Cells(int column, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        Require(_columns[column].IsList, column);
        var repetition = 0;
        foreach (var value in values)
        {
            _cells[column].Value(_arena.Store(value.Span), repetition);
            _groupBytes += value.Length;
            repetition = 1;
        }

        if (repetition == 0)
            _cells[column].None();
    }

    /// <summary>Ends a row. The caller has set each column once.</summary>
    public void EndRow()
    {
        Rows++;
        if (_groupBytes >= _options.RowGroupBytes)
            EndGroup();
    }

    /// <summary>Writes the remaining rows and the footer; no row may follow.</summary>
    public ShardDigest Finish()
    {
        if (_groupBytes > 0)
            EndGroup();
        // Disposing writes the footer.
        Synchronous.End(_parquet.DisposeAsync());
        return new(Rows, _output.Length, _output.Hash());
    }

    /// <summary>Leaves the file incomplete: without <see cref="Finish"/> it has no footer.</summary>
    public void Dispose() => _output.Dispose();

    private void EndGroup()
    {
        using (var group = _parquet.CreateRowGroup())
        {
            foreach (var column in _cells)
                column.Write(group);
            group.CompleteValidate();
        }

        _arena.Clear();
        _finishedBytes += _groupBytes;
        _groupBytes = 0;
    }

    private void Require(bool holds, int column)
    {
        if (!holds)
            throw new InvalidOperationException($"column '{_columns[column].Name}' cannot hold such a value");
    }
}
