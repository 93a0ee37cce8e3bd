using Parquet.Schema;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// A column of shards: its place in the file and in a <see cref="ShardRow"/>. Lists and their elements are never null.
/// </summary>
internal abstract class ShardColumn(string name, ColumnType type, bool optional = false, bool isList = false)
{
    public ColumnShape Shape { get; } = new(name, type, optional, isList);

    public string Name => Shape.Name;

    public ColumnType Type => Shape.Type;

    public bool Optional => Shape.Optional;

    public bool IsList => Shape.IsList;

    /// <summary>The first <see cref="ShardSchema.Version"/> with this column.</summary>
    public int Since { get; init; } = 1;

    /// <summary>The bytes of the row's values in this column, each with its length prefix, and of the largest value alone.</summary>
    public abstract (long Sum, long Largest) Bytes(ShardRow row);

    /// <summary>Why the row's value cannot be written, as the end of a sentence that names the column; null if it can.</summary>
    /// <param name="parse">Whether JSON is parsed.</param>
    public abstract string? Problem(ShardRow row, bool parse);

    public abstract ColumnWriter Writer(DataField field, Utf8Arena arena);

    public abstract ColumnReader Reader(DataField field);
}

/// <summary>
/// Accesses a column's value in a row. The properties of rows are init-only, so the setter is obtained by reflection, once.
/// </summary>
internal sealed class RowProperty<T>
{
    public RowProperty(string name)
    {
        var property = typeof(ShardRow).GetProperty(name)!;
        Get = property.GetMethod!.CreateDelegate<Func<ShardRow, T>>();
        Set = property.SetMethod!.CreateDelegate<Action<ShardRow, T>>();
    }

    public Func<ShardRow, T> Get { get; }

    public Action<ShardRow, T> Set { get; }
}
