using Parquet.Schema;

namespace ConvoSynth.Shards.Rows;

/// <summary>What the values of a column are.</summary>
internal enum ColumnType
{
    Int32,
    Int64,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>One JSON document in UTF-8 per value.</summary>
    Json,
}

/// <summary>One column of shards: its place in the file and in a <see cref="ShardRow"/>. A list is never null, and neither are its
/// elements.</summary>
internal abstract class ShardColumn(string name, ColumnType type, bool optional = false, bool isList = false)
{
    public string Name { get; } = name;

    public ColumnType Type { get; } = type;

    public bool Optional { get; } = optional;

    public bool IsList { get; } = isList;

    /// <summary>The first <see cref="ShardSchema.Version"/> that has it.</summary>
    public int Since { get; init; } = 1;

    /// <summary>Bytes of the row's values here, each with the length before it, and of the largest alone.</summary>
    public abstract (long Sum, long Largest) Bytes(ShardRow row);

    /// <summary>Why the row's value cannot be written, as the end of a sentence that names the column; null if it can.</summary>
    /// <param name="row">The row.</param>
    /// <param name="parse">Whether JSON is parsed.</param>
    public abstract string? Problem(ShardRow row, bool parse);

    public abstract ColumnWriter Writer(DataField field, Utf8Arena arena);

    public abstract ColumnReader Reader(DataField field);
}

/// <summary>Where a column has its value in a row. Properties of rows are for initializers alone, so the setter is taken by reflection,
/// once.</summary>
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
