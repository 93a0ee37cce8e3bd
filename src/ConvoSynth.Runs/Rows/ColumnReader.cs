using Parquet;
using Parquet.Schema;

namespace ConvoSynth.Runs.Rows;

/// <summary>Reads one column of a row group, then assigns its values row by row.</summary>
internal abstract class ColumnReader(ShardColumn column, DataField field)
{
    // Run lengths let a tiny file claim billions of entries. Up to this many are accepted without bytes that back them.
    private const int UnbackedEntries = 1 << 20;

    public ShardColumn Column { get; } = column;

    protected DataField Field { get; } = field;

    /// <summary>Unpacks the column of a row group.</summary>
    /// <exception cref="ShardException">
    /// The column contradicts itself; the message is the end of a sentence that names the file.
    /// </exception>
    public ValueTask Load(ParquetRowGroupReader group)
    {
        var chunk = group.GetMetadata(Field)?.MetaData ?? throw Damage("is missing in a row group");
        if (chunk.NumValues < group.RowCount || group.RowCount < 0 || (!Column.IsList && chunk.NumValues != group.RowCount))
            throw Damage($"has {chunk.NumValues} values for {group.RowCount} rows");
        if (chunk.NumValues > Math.Max(UnbackedEntries, chunk.TotalCompressedSize * 64))
            throw Damage($"claims {chunk.NumValues} values in {chunk.TotalCompressedSize} bytes");
        return Load(group, (int)group.RowCount, (int)chunk.NumValues);
    }

    /// <summary>Assigns the next value to the row.</summary>
    public abstract void Give(ShardRow row);

    public ShardException Damage(string problem) => new(ShardError.Corrupt, $"column '{Column.Name}' {problem}");

    protected abstract ValueTask Load(ParquetRowGroupReader group, int rows, int entries);
}

/// <summary>Reads a column of required numbers.</summary>
internal sealed class NumberReader<T>(ShardColumn column, DataField field, Action<ShardRow, T> set) : ColumnReader(column, field)
    where T : struct
{
    private T[] _values = [];
    private int _next;

    public override void Give(ShardRow row) => set(row, _values[_next++]);

    protected override async ValueTask Load(ParquetRowGroupReader group, int rows, int entries)
    {
        (_values, _next) = (new T[entries], 0);
        await group.ReadRawAsync(Field, _values.AsMemory(), null, null);
    }
}

/// <summary>Reads a column of text or JSON, as bytes.</summary>
internal sealed class CellReader(ShardColumn column, DataField field) : ColumnReader(column, field)
{
    // Parquet.Net leaves entries unset if it reads fewer values than the levels promise, as with a missing dictionary.
    private static readonly ReadOnlyMemory<byte> Unread = new byte[1];
    private ReadOnlyMemory<byte>[] _values = [];
    private int[] _definitions = [];
    private int[] _repetitions = [];
    private int _entries;
    private int _next;
    private int _nextValue;

    public required Action<ShardRow, CellReader> GiveTo { get; init; }

    public override void Give(ShardRow row) => GiveTo(row, this);

    /// <summary>The row's value; null if it has none. (A plain null would convert to an empty value.)</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        var defined = Field.MaxDefinitionLevel == 0 || _definitions[_next] == Field.MaxDefinitionLevel;
        _next++;
        return defined ? Value() : default(ReadOnlyMemory<byte>?);
    }

    public IEnumerable<ReadOnlyMemory<byte>> NextList()
    {
        do
        {
            if (Next() is { } element)
                yield return element;
        } while (_next < _entries && _repetitions[_next] > 0);
    }

    protected override async ValueTask Load(ParquetRowGroupReader group, int rows, int entries)
    {
        // Parquet.Net unpacks levels eight at a time and may write past the last.
        var levels = entries + 8;
        _values = new ReadOnlyMemory<byte>[entries];
        Array.Fill(_values, Unread);
        _definitions = Field.MaxDefinitionLevel > 0 ? new int[levels] : [];
        _repetitions = Field.MaxRepetitionLevel > 0 ? new int[levels] : [];
        (_entries, _next, _nextValue) = (entries, 0, 0);
        // A plain null would convert to an empty memory.
        Memory<int>? definitions = Field.MaxDefinitionLevel > 0 ? _definitions.AsMemory() : default(Memory<int>?);
        Memory<int>? repetitions = Field.MaxRepetitionLevel > 0 ? _repetitions.AsMemory() : default(Memory<int>?);
        await group.ReadRawAsync(Field, _values.AsMemory(), definitions, repetitions);
        RequireSound(rows);
    }

    private void RequireSound(int rows)
    {
        if (_definitions.Length > 0 && _definitions.AsSpan(0, _entries).IndexOfAnyExceptInRange(0, Field.MaxDefinitionLevel) >= 0)
            throw Damage("has levels out of their range");
        if (_repetitions.Length == 0)
            return;
        var levels = _repetitions.AsSpan(0, _entries);
        if (levels.IndexOfAnyExceptInRange(0, 1) >= 0 || levels.Count(0) != rows || (rows > 0 && levels[0] != 0))
            throw Damage($"has lists for other than {rows} rows");
        for (var i = 0; i < _entries; i++)
            if (_definitions[i] == 0 && (levels[i] != 0 || (i + 1 < _entries && levels[i + 1] != 0)))
                throw Damage("has an empty list with elements");
    }

    private ReadOnlyMemory<byte> Value()
    {
        var value = _values[_nextValue++];
        return value.Equals(Unread) ? throw Damage("has fewer values than rows") : value;
    }
}
