namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// Goes through the rows of a row group. Columns are numbered in the order in which they were asked for; each may be read once per row, and
/// one that is not read is passed over.
/// </summary>
public sealed class RowCursor
{
    private readonly string _file;
    private readonly IReadOnlyList<SchemaNode> _nodes;
    private readonly ColumnCursor[][] _cursors;
    private readonly bool[] _consumed;
    private long _left;
    private bool _started;

    internal RowCursor(Stream stream, string file, IReadOnlyList<SchemaNode> nodes, RowGroupMetadata group, long firstRow)
    {
        _file = file;
        _nodes = nodes;
        _left = group.Rows - firstRow;
        _consumed = new bool[nodes.Count];
        _cursors = [.. nodes.Select(node =>
            node.Leaves.Select(leaf => Open(stream, leaf, group, firstRow)).ToArray())];
    }

    /// <summary>Moves to the next row; false after the last one.</summary>
    /// <exception cref="ShardException">The file is damaged.</exception>
    public bool NextRow()
    {
        return Guard(this, static self =>
        {
            if (self._started)
                self.PassOver();
            self._started = true;
            Array.Clear(self._consumed);
            if (self._left-- > 0)
                return true;
            self._left = 0;
            if (self._cursors.Any(column => column.Any(cursor => !cursor.AtEnd)))
                throw new DamageException("a column has more rows than the footer says");
            return false;
        });
    }

    /// <summary>Passes over <paramref name="count"/> rows that follow the current one.</summary>
    public void Skip(long count)
    {
        for (; count > 0 && NextRow(); count--)
        {
        }
    }

    /// <summary>
    /// The value of a column: <see langword="null"/>, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/> (floats
    /// too), <see cref="ReadOnlyMemory{T}"/> of bytes, <c>List&lt;object?&gt;</c> for a list, <c>object?[]</c> for a struct. Bytes are a slice
    /// of their page and keep it alive.
    /// </summary>
    public object? Value(int column) => Read(column, static (node, cursors) => RecordAssembler.Read(node, cursors, 0));

    /// <summary>The bytes of a text, JSON or binary column; null where it is null.</summary>
    public ReadOnlyMemory<byte>? Bytes(int column) => Read(column, static (node, cursors) =>
    {
        Require(node, HoldsBytes(node), "of bytes");
        // Spelled out, since a bare null becomes an empty memory here.
        var bytes = cursors[0].HasValue ? cursors[0].Cell.Bytes : default(ReadOnlyMemory<byte>?);
        cursors[0].Next();
        return bytes;
    });

    /// <summary>The number of an integer or boolean column; null where it is null.</summary>
    public long? Int64(int column) => Read(column, static (node, cursors) =>
    {
        Require(node, node.Leaf?.Field.Type is PhysicalType.Boolean or PhysicalType.Int32 or PhysicalType.Int64, "an integer");
        long? number = cursors[0].HasValue ? cursors[0].Cell.Bits : null;
        cursors[0].Next();
        return number;
    });

    /// <summary>A list of texts, JSON documents or byte strings without nulls among them; null where the list is null.</summary>
    public List<ReadOnlyMemory<byte>>? BytesList(int column) => Read(column, static (node, cursors) =>
    {
        Require(node, node.Field is ListField && HoldsBytes(node.Children[0]), "a list of bytes");
        var cursor = cursors[0];
        List<ReadOnlyMemory<byte>>? list = cursor.Definition < node.Present ? null : [];
        var any = cursor.Definition >= node.HasElement;
        do
        {
            if (any)
                list!.Add(cursor.HasValue ? cursor.Cell.Bytes : throw new DamageException($"list '{node.Field.Name}' has a null element"));
            cursor.Next();
        }
        while (!cursor.AtEnd && cursor.Repetition > 0);
        return list;
    });

    private static ColumnCursor Open(Stream stream, SchemaLeaf leaf, RowGroupMetadata group, long firstRow)
    {
        var chunk = group.Chunks[leaf.Ordinal];
        var pages = firstRow > 0 && firstRow < group.Rows ? PageIndexReader.Read(stream, leaf, chunk, group.Rows, bounds: false) : null;
        return new ColumnCursor(stream, leaf, chunk, pages, firstRow);
    }

    private static void Require(SchemaNode node, bool fits, string what)
    {
        if (!fits)
            throw new InvalidOperationException($"Column '{node.Field.Name}' is not {what}.");
    }

    private static bool HoldsBytes(SchemaNode node) => node.Leaf?.Field.Type is PhysicalType.ByteArray or PhysicalType.FixedLenByteArray;

    private T Read<T>(int column, Func<SchemaNode, ColumnCursor[], T> read)
    {
        if (!_started || _consumed[column])
            throw new InvalidOperationException($"Column '{_nodes[column].Field.Name}' can be read once in each row, after NextRow.");
        _consumed[column] = true;
        return Guard((node: _nodes[column], cursors: _cursors[column], read), static state =>
        {
            if (state.cursors[0].AtEnd || state.cursors[0].Repetition != 0)
                throw new DamageException($"column '{state.node.Field.Name}' has fewer rows than the footer says");
            return state.read(state.node, state.cursors);
        });
    }

    private void PassOver()
    {
        for (var column = 0; column < _cursors.Length; column++)
        {
            if (_consumed[column])
                continue;
            foreach (var cursor in _cursors[column])
                cursor.NextRow();
        }
    }

    private TResult Guard<TState, TResult>(TState state, Func<TState, TResult> work)
    {
        try
        {
            return work(state);
        }
        catch (DamageException damage)
        {
            throw damage.In(_file);
        }
    }
}

/// <summary>Puts the entries of a field's leaves back together into one value.</summary>
internal static class RecordAssembler
{
    /// <param name="node">The field.</param>
    /// <param name="cursors">The cursors of an enclosing field's leaves.</param>
    /// <param name="first">Which of them is this field's first leaf.</param>
    public static object? Read(SchemaNode node, ColumnCursor[] cursors, int first)
    {
        var cursor = cursors[first];
        if (cursor.AtEnd)
            throw new DamageException($"column '{cursor.Leaf.DottedPath}' ends in the middle of a row");
        if (cursor.Definition < node.Present)
        {
            PassEmpty(node, cursors, first, node.Present);
            return null;
        }

        if (node.Leaf is not null)
        {
            var value = Value(cursor);
            cursor.Next();
            return value;
        }

        if (node.Field is ListField)
            return ReadList(node, cursors, first);
        var fields = new object?[node.Children.Count];
        for (var (i, leaf) = (0, first); i < fields.Length; leaf += node.Children[i++].Leaves.Count)
            fields[i] = Read(node.Children[i], cursors, leaf);
        return fields;
    }

    private static List<object?> ReadList(SchemaNode node, ColumnCursor[] cursors, int first)
    {
        var list = new List<object?>();
        var cursor = cursors[first];
        if (cursor.Definition < node.HasElement)
        {
            PassEmpty(node, cursors, first, node.HasElement);
            return list;
        }

        while (true)
        {
            list.Add(Read(node.Children[0], cursors, first));
            var goesOn = !cursor.AtEnd && cursor.Repetition == node.Repetition;
            for (var i = 0; i < node.Leaves.Count; i++)
            {
                var sibling = cursors[first + i];
                if (sibling.Repetition > node.Repetition || (!sibling.AtEnd && sibling.Repetition == node.Repetition) != goesOn)
                    throw new DamageException($"the columns of list '{node.Field.Name}' disagree on its elements");
            }

            if (!goesOn)
                return list;
        }
    }

    /// <summary>A field that is not there takes one entry in each of its leaves, all of them below its level.</summary>
    private static void PassEmpty(SchemaNode node, ColumnCursor[] cursors, int first, int below)
    {
        for (var i = 0; i < node.Leaves.Count; i++)
        {
            var cursor = cursors[first + i];
            if (cursor.AtEnd || cursor.Definition >= below)
                throw new DamageException($"the columns of '{node.Field.Name}' disagree on whether it is there");
            cursor.Next();
        }
    }

    private static object Value(ColumnCursor cursor) => cursor.Leaf.Field.Type switch
    {
        PhysicalType.Boolean => cursor.Cell.Bits != 0,
        PhysicalType.Int32 => (int)cursor.Cell.Bits,
        PhysicalType.Int64 => cursor.Cell.Bits,
        PhysicalType.Float or PhysicalType.Double => BitConverter.Int64BitsToDouble(cursor.Cell.Bits),
        _ => cursor.Cell.Bytes,
    };
}
