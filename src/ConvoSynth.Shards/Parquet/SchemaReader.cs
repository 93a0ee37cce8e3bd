namespace ConvoSynth.Shards.Parquet;

/// <summary>One element of a footer's schema, which is the tree written depth first.</summary>
internal sealed record SchemaElement
{
    public PhysicalType? Type { get; private set; }

    public int FixedLength { get; private set; }

    public int Repetition { get; private set; }

    public string Name { get; private set; } = "";

    public int Children { get; private set; }

    public int Converted { get; private set; } = -1;

    public int Logical { get; private set; } = -1;

    public bool IsList => Logical == 3 || Converted == 3;

    public bool IsMap => Logical == 2 || Converted is 1 or 2;

    public Annotation Annotation => (Logical, Converted) switch
    {
        (1, _) or (_, 0) => Annotation.String,
        (12, _) or (_, 19) => Annotation.Json,
        _ => Annotation.None,
    };

    public static SchemaElement Read(ref CompactReader thrift)
    {
        var element = new SchemaElement();
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1 when type == CompactType.I32:
                    element.Type = (PhysicalType)thrift.I32();
                    break;
                case 2 when type == CompactType.I32:
                    element.FixedLength = thrift.I32();
                    break;
                case 3 when type == CompactType.I32:
                    element.Repetition = thrift.I32();
                    break;
                case 4 when type == CompactType.Binary:
                    element.Name = thrift.Text();
                    break;
                case 5 when type == CompactType.I32:
                    element.Children = thrift.I32();
                    break;
                case 6 when type == CompactType.I32:
                    element.Converted = thrift.I32();
                    break;
                case 10 when type == CompactType.Struct:
                    var arm = 0;
                    while (thrift.NextField(ref arm, out var inner))
                    {
                        element.Logical = arm;
                        thrift.Skip(inner);
                    }

                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return element;
    }
}

/// <summary>Builds the schema tree of a file that anyone may have written: older list forms and maps become lists.</summary>
internal sealed class SchemaReader
{
    private const int Optional = 1;
    private const int Repeated = 2;
    private readonly List<SchemaElement> _elements;
    private int _next;

    private SchemaReader(List<SchemaElement> elements) => _elements = elements;

    public static ParquetSchema Build(List<SchemaElement> elements)
    {
        if (elements.Count < 2)
            throw new DamageException("its schema has no columns");
        var reader = new SchemaReader(elements) { _next = 1 };
        var children = reader.Children(elements[0], [], 0, 0, 1);
        if (reader._next != elements.Count)
            throw new DamageException("its schema has elements that belong to no group");
        ParquetField[] fields = [.. children.Select(child => child.Field)];
        return new ParquetSchema(fields, SchemaNode.Group(new GroupField("schema", fields), 0, children, number: true));
    }

    private List<SchemaNode> Children(SchemaElement parent, IReadOnlyList<string> path, int definition, int repetition, int depth)
    {
        if (parent.Children <= 0 || parent.Children > _elements.Count - _next)
            throw new DamageException($"group '{parent.Name}' of its schema claims {parent.Children} fields");
        if (depth > ParquetSchema.MaxDepth)
            throw new DamageException($"its schema is nested deeper than {ParquetSchema.MaxDepth} levels", ShardFault.Unsupported);
        var nodes = new List<SchemaNode>();
        for (var i = 0; i < parent.Children; i++)
            nodes.Add(Node(Take(), path, definition, repetition, depth));
        return nodes;
    }

    private SchemaElement Take() => _next < _elements.Count ? _elements[_next++] : throw new DamageException("its schema ends too early");

    private SchemaNode Node(SchemaElement element, IReadOnlyList<string> outer, int definition, int repetition, int depth)
    {
        IReadOnlyList<string> path = [.. outer, element.Name];
        if (element.Repetition == Repeated)
        {
            // A repeated field on its own is a list that is always there, of elements that are always there.
            var inner = Plain(element, path, definition + 1, repetition + 1, depth);
            return SchemaNode.List(new ListField(element.Name, inner.Field), definition, repetition + 1, inner);
        }

        var optional = element.Repetition == Optional;
        var present = definition + (optional ? 1 : 0);
        if (element is { Type: null } && (element.IsList || element.IsMap))
        {
            if (element.Children != 1)
                throw new DamageException($"list '{element.Name}' of its schema has {element.Children} fields instead of one");
            var item = Element(element, path, present, repetition, depth + 1);
            return SchemaNode.List(new ListField(element.Name, item.Field, optional), present, repetition + 1, item);
        }

        return Plain(element, path, present, repetition, depth);
    }

    /// <summary>The element of an annotated list: below the repeated group, or that group itself in the older two-level form.</summary>
    private SchemaNode Element(SchemaElement list, IReadOnlyList<string> path, int present, int repetition, int depth)
    {
        var repeated = Take();
        if (repeated.Repetition != Repeated)
            throw new DamageException($"list '{list.Name}' of its schema has no repeated field");
        IReadOnlyList<string> below = [.. path, repeated.Name];
        var isElement = repeated.Type is not null || repeated.Children != 1 || repeated.Name == "array"
            || repeated.Name == list.Name + "_tuple" || (_next < _elements.Count && _elements[_next].Repetition == Repeated);
        if (isElement)
            return Plain(repeated, below, present + 1, repetition + 1, depth);
        if (depth > ParquetSchema.MaxDepth)
            throw new DamageException($"its schema is nested deeper than {ParquetSchema.MaxDepth} levels", ShardFault.Unsupported);
        return Node(Take(), below, present + 1, repetition + 1, depth + 1);
    }

    private SchemaNode Plain(SchemaElement element, IReadOnlyList<string> path, int definition, int repetition, int depth)
    {
        var optional = element.Repetition == Optional;
        if (element.Type is { } type)
        {
            if (!Enum.IsDefined(type) || element.FixedLength < 0 || (type == PhysicalType.FixedLenByteArray && element.FixedLength == 0))
                throw new DamageException($"column '{element.Name}' has the unknown type {(int)type} of length {element.FixedLength}");
            return SchemaNode.Value(new PrimitiveField(element.Name, type, element.Annotation, optional), path, definition, repetition, element.FixedLength);
        }

        var children = Children(element, path, definition, repetition, depth + 1);
        return SchemaNode.Group(new GroupField(element.Name, [.. children.Select(child => child.Field)], optional), definition, children);
    }
}
