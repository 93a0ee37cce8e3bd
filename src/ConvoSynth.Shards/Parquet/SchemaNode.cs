namespace ConvoSynth.Shards.Parquet;

/// <summary>A leaf column: where it is in the tree and how far its levels go.</summary>
internal sealed record SchemaLeaf(IReadOnlyList<string> Path, PrimitiveField Field, int MaxDefinition, int MaxRepetition, int FixedLength = 0)
{
    public int Ordinal { get; set; }

    // Made when it is asked for: a damaged schema can have many leaves below one very long name.
    public string DottedPath => field ??= string.Join('.', Path);
}

/// <summary>
/// A field with its levels. An entry of a leaf whose definition level is at least <see cref="Present"/> has this field; for a list,
/// one of at least <see cref="HasElement"/> has an element. So null, empty and missing are three different levels, never a guess.
/// </summary>
internal sealed class SchemaNode
{
    public required ParquetField Field { get; init; }

    public required int Present { get; init; }

    /// <summary>For a list, the repetition level that says "one more element of this list".</summary>
    public int Repetition { get; init; }

    public int HasElement { get; init; }

    public IReadOnlyList<SchemaNode> Children { get; init; } = [];

    public SchemaLeaf? Leaf { get; init; }

    /// <summary>All leaf columns below this node, in file order.</summary>
    public IReadOnlyList<SchemaLeaf> Leaves { get; init; } = [];

    public static SchemaNode Build(GroupField root)
    {
        var fields = BuildChildren(root.Fields, [], 0, 0, 1, "the schema");
        return Group(root, 0, fields, number: true);
    }

    /// <summary>A group node over children that are already built.</summary>
    public static SchemaNode Group(ParquetField field, int present, IReadOnlyList<SchemaNode> children, bool number = false)
    {
        var leaves = children.SelectMany(child => child.Leaves).ToArray();
        if (number)
            for (var i = 0; i < leaves.Length; i++)
                leaves[i].Ordinal = i;
        return new SchemaNode { Field = field, Present = present, Children = children, Leaves = leaves };
    }

    public static SchemaNode List(ListField field, int present, int repetition, SchemaNode element) => new()
    {
        Field = field,
        Present = present,
        HasElement = present + 1,
        Repetition = repetition,
        Children = [element],
        Leaves = element.Leaves,
    };

    public static SchemaNode Value(PrimitiveField field, IReadOnlyList<string> path, int definition, int repetition, int fixedLength = 0)
    {
        var leaf = new SchemaLeaf(path, field, definition, repetition, fixedLength);
        return new SchemaNode { Field = field, Present = definition, Leaf = leaf, Leaves = [leaf] };
    }

    private static SchemaNode[] BuildChildren(
        IReadOnlyList<ParquetField> fields, IReadOnlyList<string> path, int definition, int repetition, int depth, string owner)
    {
        if (fields.Count == 0)
            throw new ArgumentException($"{owner} has no fields: a group needs at least one.", nameof(fields));
        if (depth > ParquetSchema.MaxDepth)
            throw new ArgumentException($"{owner} is nested deeper than {ParquetSchema.MaxDepth} levels.", nameof(fields));
        var names = new HashSet<string>(StringComparer.Ordinal);
        var nodes = new SchemaNode[fields.Count];
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name.Length == 0 || !names.Add(fields[i].Name))
                throw new ArgumentException($"field {i} of {owner} has the name '{fields[i].Name}', which is empty or taken.", nameof(fields));
            nodes[i] = BuildField(fields[i], [.. path, fields[i].Name], definition, repetition, depth);
        }

        return nodes;
    }

    private static SchemaNode BuildField(ParquetField field, IReadOnlyList<string> path, int definition, int repetition, int depth)
    {
        var present = definition + (field.Optional ? 1 : 0);
        switch (field)
        {
            case PrimitiveField { Type: PhysicalType.Int96 or PhysicalType.Float or PhysicalType.FixedLenByteArray } p:
                throw new ArgumentException($"field '{p.Name}' has type {p.Type}, which is read but never written.", nameof(field));
            case PrimitiveField p:
                if (p.Annotation != Annotation.None && p.Type != PhysicalType.ByteArray)
                    throw new ArgumentException($"field '{p.Name}' is {p.Annotation}, which needs the type ByteArray.", nameof(field));
                return Value(p, path, present, repetition);
            case GroupField g:
                return Group(g, present, BuildChildren(g.Fields, path, present, repetition, depth + 1, $"group '{g.Name}'"));
            case ListField l:
                if (depth + 2 > ParquetSchema.MaxDepth)
                    throw new ArgumentException($"list '{l.Name}' is nested deeper than {ParquetSchema.MaxDepth} levels.", nameof(field));
                var element = BuildField(l.Element, [.. path, "list", "element"], present + 1, repetition + 1, depth + 2);
                return List(l, present, repetition + 1, element);
            default:
                throw new ArgumentException($"field '{field.Name}' is of an unknown kind.", nameof(field));
        }
    }
}
