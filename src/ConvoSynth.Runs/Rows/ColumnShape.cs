namespace ConvoSynth.Runs.Rows;

/// <summary>The type of a column's values.</summary>
public enum ColumnType
{
    Int32,
    Int64,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>One JSON document in UTF-8 per value.</summary>
    Json,
}

/// <summary>The name and form of a column of a Parquet file.</summary>
/// <param name="Optional">Whether a value may be null. Lists and their elements are never null.</param>
/// <param name="IsList">Whether a row has a list of values.</param>
public sealed record ColumnShape(string Name, ColumnType Type, bool Optional = false, bool IsList = false);
