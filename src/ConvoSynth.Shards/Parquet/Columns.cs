namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// A place of the schema tree that takes the values of the row that is being written. Every column of a row gets exactly one value, list,
/// struct or null; the order of the columns is free.
/// </summary>
public abstract class Column
{
    private protected Column(SchemaNode node, ColumnChunkWriter[] leaves, ListColumn? list)
    {
        Node = node;
        Leaves = leaves;
        Enclosing = list;
    }

    public string Name => Node.Field.Name;

    private protected SchemaNode Node { get; }

    private protected ColumnChunkWriter[] Leaves { get; }

    private protected ListColumn? Enclosing { get; }

    /// <summary>This field is null in this row (or in this element).</summary>
    /// <exception cref="InvalidOperationException">The field is required.</exception>
    public void Null()
    {
        if (!Node.Field.Optional)
            throw new InvalidOperationException($"Column '{Name}' is required, so it cannot be null.");
        RequireOpenList();
        foreach (var leaf in Leaves)
        {
            leaf.AddNull(Node.Present - 1);
            // The lists below this field were never begun, so the innermost one that goes on is the one around it.
            leaf.NextRepetition = Enclosing?.Node.Repetition ?? 0;
        }
    }

    private protected void RequireOpenList()
    {
        if (Enclosing is { IsOpen: false })
            throw new InvalidOperationException($"Column '{Name}' is inside list '{Enclosing.Name}', which has not begun.");
    }
}

/// <summary>A leaf column. The overload must fit the column's type.</summary>
public sealed class ValueColumn : Column
{
    private readonly ColumnChunkWriter _chunk;
    private readonly PhysicalType _type;

    internal ValueColumn(SchemaNode node, ColumnChunkWriter chunk, ListColumn? list)
        : base(node, [chunk], list)
    {
        _chunk = chunk;
        _type = chunk.Leaf.Field.Type;
    }

    public void Add(bool value)
    {
        Require(PhysicalType.Boolean);
        _chunk.Add(value ? 1L : 0L);
    }

    public void Add(int value)
    {
        Require(PhysicalType.Int32);
        _chunk.Add((long)value);
    }

    public void Add(long value)
    {
        Require(PhysicalType.Int64);
        _chunk.Add(value);
    }

    public void Add(double value)
    {
        Require(PhysicalType.Double);
        _chunk.Add(value);
    }

    /// <exception cref="ShardException">The column is text or JSON and the bytes are not UTF-8, or the value is too large.</exception>
    public void Add(ReadOnlySpan<byte> value)
    {
        Require(PhysicalType.ByteArray);
        _chunk.Add(value);
    }

    /// <exception cref="ShardException">The text has half of a surrogate pair, or is too large.</exception>
    public void Add(string value)
    {
        Require(PhysicalType.ByteArray);
        _chunk.Add(value.AsSpan());
    }

    private void Require(PhysicalType type)
    {
        if (type != _type)
            throw new InvalidOperationException($"Column '{Name}' holds {_type}; a {type} does not fit.");
        RequireOpenList();
    }
}

/// <summary>A struct. It is present as soon as its columns get values; <see cref="Column.Null"/> says that it is not there at all.</summary>
public sealed class GroupColumn : Column
{
    private readonly Column[] _children;

    internal GroupColumn(SchemaNode node, ColumnChunkWriter[] leaves, ListColumn? list, Func<SchemaNode, Column> child)
        : base(node, leaves, list) => _children = [.. node.Children.Select(child)];

    /// <exception cref="KeyNotFoundException">There is no column of that name.</exception>
    public Column this[string name] =>
        Array.Find(_children, child => child.Name == name) ?? throw new KeyNotFoundException($"'{Name}' has no column '{name}'.");

    public Column this[int index] => _children[index];
}

/// <summary>A list: <see cref="Begin"/>, then one value per element into <see cref="Element"/>, then <see cref="End"/>. None makes an empty list.</summary>
public sealed class ListColumn : Column
{
    private int _from;

    internal ListColumn(SchemaNode node, ColumnChunkWriter[] leaves, ListColumn? list, Func<SchemaNode, ListColumn, Column> child)
        : base(node, leaves, list) => Element = child(node.Children[0], this);

    public Column Element { get; }

    internal bool IsOpen { get; private set; }

    public void Begin()
    {
        RequireOpenList();
        if (IsOpen)
            throw new InvalidOperationException($"List '{Name}' has begun already.");
        IsOpen = true;
        _from = Leaves[0].Entries;
    }

    public void End()
    {
        if (!IsOpen)
            throw new InvalidOperationException($"List '{Name}' has not begun.");
        IsOpen = false;
        if (Leaves[0].Entries == _from)
            foreach (var leaf in Leaves)
                leaf.AddNull(Node.Present);
        else if (Leaves.Length > 1)
            RequireEqualElements();
        foreach (var leaf in Leaves)
            leaf.NextRepetition = Node.Repetition - 1;
    }

    // Sibling columns of one list may differ in entries (inner lists), never in elements of this list.
    private void RequireEqualElements()
    {
        var expected = -1;
        foreach (var leaf in Leaves)
        {
            var levels = leaf.Repetitions;
            var elements = 0;
            for (var i = levels.Length - 1; i >= 0 && levels[i] >= Node.Repetition; i--)
                if (levels[i] == Node.Repetition)
                    elements++;
            if (expected >= 0 && elements != expected)
                throw new InvalidOperationException(
                    $"List '{Name}': column '{leaf.Leaf.DottedPath}' has {elements + 1} elements where its sibling has {expected + 1}.");
            expected = elements;
        }
    }
}
