using Parquet.Schema;

namespace ConvoSynth.Runs.Rows;

/// <summary>A column of required numbers.</summary>
internal sealed class NumberColumn<T>(string name, ColumnType type, string property) : ShardColumn(name, type)
    where T : struct
{
    private readonly RowProperty<T> _property = new(property);

    private int Size => Type == ColumnType.Int64 ? 8 : 4;

    public override (long Sum, long Largest) Bytes(ShardRow row) => (Size, Size);

    public override string? Problem(ShardRow row, bool parse) => null;

    public override ColumnWriter Writer(DataField field, Utf8Arena arena) => new NumberWriter<T>(field, Size, _property.Get);

    public override ColumnReader Reader(DataField field) => new NumberReader<T>(this, field, _property.Set);
}

/// <summary>A column with one text or document per row, or null if it is optional.</summary>
internal sealed class CellColumn<T, TCell>(string name, string property, bool optional) : ShardColumn(name, TCell.Type, optional)
    where TCell : ICell<T>
{
    private readonly RowProperty<T> _property = new(property);

    public override (long Sum, long Largest) Bytes(ShardRow row)
    {
        var value = _property.Get(row);
        var bytes = TCell.IsNull(value) ? 0 : TCell.Bytes(value);
        return (bytes + 4, bytes);
    }

    public override string? Problem(ShardRow row, bool parse)
    {
        var value = _property.Get(row);
        if (TCell.IsNull(value))
            return Optional ? null : $"column '{Name}' is required and has no value";
        return TCell.Problem(value, parse) is { } problem ? $"column '{Name}' {problem}" : null;
    }

    public override ColumnWriter Writer(DataField field, Utf8Arena arena) => new RowCellWriter(field, arena) { Take = Write };

    public override ColumnReader Reader(DataField field) => new CellReader(this, field) { GiveTo = Read };

    private long Write(ShardRow row, CellWriter writer)
    {
        var value = _property.Get(row);
        if (TCell.IsNull(value))
        {
            writer.None();
            return 1;
        }

        var stored = TCell.Store(value, writer.Arena);
        writer.Value(stored, repetition: 0);
        return stored.Length;
    }

    private void Read(ShardRow row, CellReader reader)
    {
        if (reader.Next() is { } bytes)
            _property.Set(row, TCell.TryParse(bytes, out var value) ? value : throw reader.Damage($"is not {TCell.Expected}"));
    }
}

/// <summary>A column with a list of texts or documents per row.</summary>
internal sealed class CellListColumn<T, TCell>(string name, string property) : ShardColumn(name, TCell.Type, isList: true)
    where TCell : ICell<T>
{
    private readonly RowProperty<IReadOnlyList<T>> _property = new(property);

    public override (long Sum, long Largest) Bytes(ShardRow row)
    {
        var (sum, largest) = (0L, 0L);
        foreach (var value in _property.Get(row))
        {
            var bytes = TCell.IsNull(value) ? 0 : TCell.Bytes(value);
            sum += bytes + 4;
            largest = Math.Max(largest, bytes);
        }

        return (sum, largest);
    }

    public override string? Problem(ShardRow row, bool parse)
    {
        var values = _property.Get(row);
        for (var i = 0; i < values.Count; i++)
        {
            // An empty element is not a document, whatever wrote it.
            if (TCell.IsNull(values[i]))
                return $"element {i} of column '{Name}' is not {TCell.Expected}";
            if (TCell.Problem(values[i], parse) is { } problem)
                return $"element {i} of column '{Name}' {problem}";
        }

        return null;
    }

    public override ColumnWriter Writer(DataField field, Utf8Arena arena) => new RowCellWriter(field, arena) { Take = Write };

    public override ColumnReader Reader(DataField field) => new CellReader(this, field) { GiveTo = Read };

    private long Write(ShardRow row, CellWriter writer)
    {
        var values = _property.Get(row);
        if (values.Count == 0)
        {
            writer.None();
            return 1;
        }

        var bytes = 0L;
        for (var i = 0; i < values.Count; i++)
        {
            var stored = TCell.Store(values[i], writer.Arena);
            writer.Value(stored, repetition: i == 0 ? 0 : 1);
            bytes += stored.Length;
        }

        return bytes;
    }

    private void Read(ShardRow row, CellReader reader)
    {
        List<T> values = [];
        foreach (var bytes in reader.NextList())
            values.Add(TCell.TryParse(bytes, out var value) ? value : throw reader.Damage($"has an element that is not {TCell.Expected}"));
        _property.Set(row, values);
    }
}
