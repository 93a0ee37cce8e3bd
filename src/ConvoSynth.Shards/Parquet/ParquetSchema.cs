namespace ConvoSynth.Shards.Parquet;

/// <summary>The physical types of the format (<c>Type</c> in parquet.thrift). The writer takes all but the last three.</summary>
public enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLenByteArray = 7,
}

/// <summary>What the bytes of a column mean.</summary>
public enum Annotation
{
    None,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>One JSON document in UTF-8 per value.</summary>
    Json,
}

/// <summary>A field of the schema tree. An optional field may be null; a required one may not.</summary>
public abstract record ParquetField(string Name, bool Optional);

/// <summary>A leaf: one value per entry, stored as a column of its own.</summary>
public sealed record PrimitiveField(string Name, PhysicalType Type, Annotation Annotation = Annotation.None, bool Optional = false)
    : ParquetField(Name, Optional)
{
    public static PrimitiveField Text(string name, bool optional = false) => new(name, PhysicalType.ByteArray, Annotation.String, optional);

    public static PrimitiveField Json(string name, bool optional = false) => new(name, PhysicalType.ByteArray, Annotation.Json, optional);

    public static PrimitiveField Int32(string name, bool optional = false) => new(name, PhysicalType.Int32, Annotation.None, optional);

    public static PrimitiveField Int64(string name, bool optional = false) => new(name, PhysicalType.Int64, Annotation.None, optional);
}

/// <summary>A struct of named fields.</summary>
public sealed record GroupField(string Name, IReadOnlyList<ParquetField> Fields, bool Optional = false) : ParquetField(Name, Optional);

/// <summary>
/// A list, written in the three-level form that the format asks for (<c>group name (LIST) { repeated group list { element } }</c>).
/// The element is named <c>element</c> in the file whatever its field is called here.
/// </summary>
public sealed record ListField(string Name, ParquetField Element, bool Optional = false) : ParquetField(Name, Optional);

/// <summary>The columns of a file: a tree of fields under a nameless root.</summary>
public sealed class ParquetSchema
{
    /// <summary>Nesting that is deeper than this is refused, in files that we write and in files that we read.</summary>
    public const int MaxDepth = 48;

    internal ParquetSchema(IReadOnlyList<ParquetField> fields, SchemaNode root)
    {
        Fields = fields;
        Root = root;
        Leaves = root.Leaves;
    }

    /// <exception cref="ArgumentException">A group is empty, a name is empty or taken twice in one group, or the nesting is too deep.</exception>
    public ParquetSchema(params IReadOnlyList<ParquetField> fields)
    {
        Fields = fields;
        Root = SchemaNode.Build(new GroupField("schema", fields));
        Leaves = Root.Leaves;
    }

    public IReadOnlyList<ParquetField> Fields { get; }

    internal SchemaNode Root { get; }

    internal IReadOnlyList<SchemaLeaf> Leaves { get; }
}
