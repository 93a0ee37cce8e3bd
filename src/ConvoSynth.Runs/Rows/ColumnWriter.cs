using Parquet;
using Parquet.Schema;

namespace ConvoSynth.Runs.Rows;

/// <summary>Collects one column of a row group and writes it.</summary>
internal abstract class ColumnWriter(DataField field)
{
    protected DataField Field { get; } = field;

    /// <summary>Takes the row's value.</summary>
    /// <returns>The value's bytes before encoding; a null and an empty list count as one.</returns>
    public abstract long Append(ShardRow row);

    /// <summary>Writes the collected values and clears them.</summary>
    public abstract void Write(ParquetRowGroupWriter group);
}

/// <summary>Writes a column of required numbers.</summary>
internal sealed class NumberWriter<T>(DataField field, int bytes, Func<ShardRow, T> get) : ColumnWriter(field)
    where T : struct
{
    private readonly ColumnBuffer<T> _values = new();

    public override long Append(ShardRow row)
    {
        _values.Add(get(row));
        return bytes;
    }

    public override void Write(ParquetRowGroupWriter group)
    {
        Synchronous.End(group.WriteAsync(Field, _values.Entries));
        _values.Clear();
    }
}

/// <summary>Writes a column of text or JSON of rows.</summary>
internal sealed class RowCellWriter(DataField field, Utf8Arena arena) : ColumnWriter(field)
{
    private readonly CellWriter _cells = new(field, arena);

    public required Func<ShardRow, CellWriter, long> Take { get; init; }

    public override long Append(ShardRow row) => Take(row, _cells);

    public override void Write(ParquetRowGroupWriter group) => _cells.Write(group);
}
