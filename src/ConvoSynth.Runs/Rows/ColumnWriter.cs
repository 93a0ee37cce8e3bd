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

/// <summary>
/// Writes a column of text or JSON as bytes. Parquet.Net then does not convert it to UTF-16. Nor does it write whole values as
/// statistics, which it would compare in another order than other readers.
/// </summary>
internal sealed class CellWriter(DataField field, Utf8Arena arena) : ColumnWriter(field)
{
    private readonly ColumnBuffer<ReadOnlyMemory<byte>> _values = new();
    private readonly ColumnBuffer<int> _definitions = new();
    private readonly ColumnBuffer<int> _repetitions = new();

    public required Func<ShardRow, CellWriter, long> Take { get; init; }

    public Utf8Arena Arena { get; } = arena;

    public override long Append(ShardRow row) => Take(row, this);

    public void Value(ReadOnlyMemory<byte> value, int repetition)
    {
        _values.Add(value);
        Levels(Field.MaxDefinitionLevel, repetition);
    }

    /// <summary>Appends an absent value: a null, or a list without elements.</summary>
    public void None() => Levels(0, 0);

    public override void Write(ParquetRowGroupWriter group)
    {
        // A required column has no levels; if levels were passed, WriteAllPartsAsync would count no rows.
        ReadOnlyMemory<int>? repetitions = Field.MaxRepetitionLevel > 0 ? _repetitions.Entries : default(ReadOnlyMemory<int>?);
        if (Field.MaxDefinitionLevel == 0)
            Synchronous.End(group.WriteAsync(Field, _values.Entries));
        else
            Synchronous.End(group.WriteAllPartsAsync(Field, _values.Entries, _definitions.Entries, repetitions, CancellationToken.None));
        _values.Clear();
        _definitions.Clear();
        _repetitions.Clear();
    }

    private void Levels(int definition, int repetition)
    {
        if (Field.MaxDefinitionLevel > 0)
            _definitions.Add(definition);
        if (Field.MaxRepetitionLevel > 0)
            _repetitions.Add(repetition);
    }
}
