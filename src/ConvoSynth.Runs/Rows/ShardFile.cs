using System.Buffers.Binary;
using System.Globalization;
using Parquet;
using Parquet.Meta;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// An open shard. Any error in a file is a <see cref="ShardException"/> that names the file. Parquet.Net throws many kinds of
/// exceptions for damage; none of them escapes.
/// </summary>
public sealed class ShardFile : IDisposable
{
    private readonly ReadStream _stream;
    private readonly ParquetReader _parquet;
    private readonly Dictionary<string, string> _forms;

    private ShardFile(ReadStream stream, string name, ParquetReader parquet) =>
        (_stream, Name, _parquet, _forms) = (stream, name, parquet, ShardFields.FormsOf(parquet.Metadata!.Schema));

    public string Name { get; }

    public long Rows => _parquet.Metadata!.NumRows;

    public int RowGroups => _parquet.RowGroupCount;

    /// <summary>Reads the footer. The stream must seek; it is closed with this object, and also if opening fails.</summary>
    /// <exception cref="ShardException">The file is damaged, is no shard, or was written by a later version.</exception>
    public static ShardFile Open(Stream stream, string name)
    {
        try
        {
            return Guard(
                name,
                () =>
                {
                    var guarded = new ReadStream(stream);
                    var file = new ShardFile(guarded, name, Synchronous.End(ParquetReader.CreateAsync(guarded)));
                    file.RequireReadable();
                    return file;
                }
            );
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The rows in order, with all columns or only some; the other columns have their defaults.</summary>
    /// <param name="columns">
    /// Names from <see cref="ShardSchema.Columns"/>; null for all. Only these are unpacked, one row group at a time.
    /// </param>
    /// <exception cref="ArgumentException">A name is not a column of shards.</exception>
    /// <exception cref="ShardException">The file is damaged.</exception>
    public IEnumerable<ShardRow> Read(IReadOnlyList<string>? columns = null)
    {
        if (columns?.FirstOrDefault(name => !ShardSchema.Columns.Contains(name)) is { } unknown)
            throw new ArgumentException($"'{unknown}' is not a column of shards.", nameof(columns));
        return All();

        IEnumerable<ShardRow> All()
        {
            var readers = Readers(columns);
            for (var group = 0; group < RowGroups; group++)
                foreach (var row in Read(group, readers))
                    yield return row;
        }
    }

    /// <summary>The row with this id, or null. Unpacks only the ids until it finds the id, then that row group.</summary>
    public ShardRow? Find(string id)
    {
        var (ids, all) = (Readers(["id"]), Readers(null));
        for (var group = 0; group < RowGroups; group++)
            if (Read(group, ids).Any(row => row.Id == id))
                return Read(group, all).First(row => row.Id == id);
        return null;
    }

    /// <summary>
    /// The row with this index and the highest attempt: the index's own row, else the last attempt that was retried. Null if there is
    /// none.
    /// </summary>
    public ShardRow? Find(long index)
    {
        var (indexes, all) = (Readers(["index"]), Readers(null));
        return Enumerable
            .Range(0, RowGroups)
            .Where(group => MayHold(group, index) && Read(group, indexes).Any(row => row.Index == index))
            .SelectMany(group => Read(group, all).Where(row => row.Index == index))
            .MaxBy(row => row.Attempt);
    }

    public void Dispose() => _stream.Dispose();

    // Columns that a shard of an earlier version lacks keep their defaults.
    private ColumnReader[] Readers(IReadOnlyList<string>? columns) =>
        [
            .. ShardSchema
                .Table.Zip(ShardFields.Fields)
                .Where(entry => columns?.Contains(entry.First.Name) != false && _forms.ContainsKey(entry.First.Name))
                .Select(entry => entry.First.Reader(entry.Second)),
        ];

    private IEnumerable<ShardRow> Read(int group, ColumnReader[] readers)
    {
        var rows = Guard(
            Name,
            () =>
            {
                var reader = _parquet.OpenRowGroupReader(group);
                if (reader.RowGroup.Columns.TrueForAll(chunk => chunk.MetaData?.Codec == CompressionCodec.ZSTD))
                    Synchronous.End(Load(reader, readers));
                else
                    Synchronous.Wait(() => Load(reader, readers));
                return reader.RowCount;
            }
        );
        for (var row = 0L; row < rows; row++)
            yield return Guard(Name, () => Row(readers));
    }

    private static async Task Load(ParquetRowGroupReader group, ColumnReader[] readers)
    {
        foreach (var column in readers)
            await column.Load(group);
    }

    private static ShardRow Row(ColumnReader[] readers)
    {
        // Each cell is checked while it is read.
        var row = new ShardRow { CellsAreWritten = true };
        foreach (var column in readers)
            column.Give(row);
        return row.SchemaVersion <= ShardSchema.Version ? row : throw Later(row.SchemaVersion);
    }

    // All writers order numbers in the same way, so statistics of numbers are reliable.
    private bool MayHold(int group, long index) =>
        Guard(
            Name,
            () =>
            {
                var bounds = _parquet.OpenRowGroupReader(group).GetMetadata(ShardFields.Index)?.MetaData?.Statistics;
                return bounds is not { MinValue: { Length: 8 } least, MaxValue: { Length: 8 } most }
                    || (index >= BinaryPrimitives.ReadInt64LittleEndian(least) && index <= BinaryPrimitives.ReadInt64LittleEndian(most));
            }
        );

    private void RequireReadable()
    {
        var text = _parquet.CustomMetadata.GetValueOrDefault(ShardSchema.VersionKey);
        var version = int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 1;
        if (version > ShardSchema.Version)
            throw Later(version);
        foreach (var column in ShardSchema.Table)
        {
            var there = _forms.TryGetValue(column.Name, out var found);
            if (!there && column.Since <= version)
                throw new ShardException(ShardError.Unsupported, $"it has no column '{column.Name}'");
            if (there && found != ShardFields.Forms[column.Name])
                throw new ShardException(ShardError.Unsupported, $"its column '{column.Name}' has another type");
        }

        if (_parquet.RowGroups.Sum(group => group.RowCount) != Rows)
            throw new ShardException(ShardError.Corrupt, $"its row groups do not have the {Rows} rows of its footer");
    }

    private static ShardException Later(int version) =>
        new(
            ShardError.Unsupported,
            $"its schema_version is {version} and this program reads up to {ShardSchema.Version}: "
                + "read it with the version that wrote it, or a later one"
        );

    private static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ShardException e)
        {
            var what = e.Fault == ShardError.Unsupported ? "not a shard that can be read" : "a corrupt shard";
            throw new ShardException(e.Fault, $"'{name}' is {what}: {e.Message}.", e.InnerException);
        }
        catch (Exception e)
        {
            var lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var why = string.Join(' ', lines).TrimEnd('.');
            throw new ShardException(ShardError.Corrupt, $"'{name}' is a corrupt shard: Parquet.Net cannot read it ({why}).", e);
        }
    }
}
