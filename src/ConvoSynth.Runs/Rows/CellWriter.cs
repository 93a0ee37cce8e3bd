using Parquet;
using Parquet.Schema;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Collects the text or JSON of a column as bytes, and writes them. Parquet.Net then does not convert them to UTF-16. Nor does it write
/// whole values as statistics, which it would compare in another order than other readers.
/// </summary>
internal sealed class CellWriter(DataField field, Utf8Arena arena)
{
    private readonly ColumnBuffer<ReadOnlyMemory<byte>> _values = new();
    private readonly ColumnBuffer<int> _definitions = new();
    private readonly ColumnBuffer<int> _repetitions = new();

    public Utf8Arena Arena { get; } = arena;

    public void Value(ReadOnlyMemory<byte> value, int repetition)
    {
        _values.Add(value);
        Levels(field.MaxDefinitionLevel, repetition);
    }

    /// <summary>Appends an absent value: a null, or a list without elements.</summary>
    public void None() => Levels(0, 0);

    public void Write(ParquetRowGroupWriter group)
    {
        // A required column has no levels; if levels were passed, WriteAllPartsAsync would count no rows.
        ReadOnlyMemory<int>? repetitions = field.MaxRepetitionLevel > 0 ? _repetitions.Entries : default(ReadOnlyMemory<int>?);
        if (field.MaxDefinitionLevel == 0)
            Synchronous.End(group.WriteAsync(field, _values.Entries));
        else
            Synchronous.End(group.WriteAllPartsAsync(field, _values.Entries, _definitions.Entries, repetitions, CancellationToken.None));
        _values.Clear();
        _definitions.Clear();
        _repetitions.Clear();
    }

    private void Levels(int definition, int repetition)
    {
        if (field.MaxDefinitionLevel > 0)
            _definitions.Add(definition);
        if (field.MaxRepetitionLevel > 0)
            _repetitions.Add(repetition);
    }
}
