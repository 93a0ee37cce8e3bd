using System.Buffers.Binary;
using System.Text;
using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Rows;

/// <summary>Reads rows out of a shard, the whole row or some of its columns. A column that the file does not have reads as its default.</summary>
public static class ShardRowReader
{
    /// <param name="file">An open shard.</param>
    /// <param name="columns">Names out of <see cref="ShardSchema.Columns"/>; null for all. Only their pages are read.</param>
    /// <exception cref="ArgumentException">A name is not a column of shards.</exception>
    public static IEnumerable<ShardRow> Read(ParquetFile file, IReadOnlyList<string>? columns = null)
    {
        var (present, slots) = Select(file, columns);
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            var cells = new RowCells(file.ReadRows(group, present), slots);
            while (cells.Next())
                yield return cells.Row();
        }
    }

    /// <summary>The row of that id, or null. Reads the ids alone until it has found it, and of the other columns only the pages with that row.</summary>
    public static ShardRow? Find(ParquetFile file, string id)
    {
        var wanted = Encoding.UTF8.GetBytes(id);
        return All(file, "id", bound => wanted.AsSpan().SequenceCompareTo(bound), cursor => cursor.Bytes(0) is { } found && found.Span.SequenceEqual(wanted)).FirstOrDefault();
    }

    /// <summary>The row of that index that came last: its own, or of several attempts the last that was tried again; null if there is none. Where the file has a page index, one page of each column is read.</summary>
    public static ShardRow? Find(ParquetFile file, long index) =>
        All(file, "index", bound => bound.Length == 8 ? index.CompareTo(BinaryPrimitives.ReadInt64LittleEndian(bound)) : 0, cursor => cursor.Int64(0) == index).MaxBy(r => r.Attempt);

    /// <param name="file">An open shard.</param>
    /// <param name="column">The column to look in.</param>
    /// <param name="compare">How the wanted value stands to a bound.</param>
    /// <param name="isWanted">Whether a row has it.</param>
    private static IEnumerable<ShardRow> All(ParquetFile file, string column, Func<byte[], int> compare, Func<RowCursor, bool> isWanted)
    {
        var (present, slots) = Select(file, null);
        if (!present.Contains(column))
            yield break;
        bool MayHold(byte[]? min, byte[]? max) => (min is null || compare(min) >= 0) && (max is null || compare(max) <= 0);
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            var (min, max) = (file.Statistics(group, column).Min, file.Statistics(group, column).Max);
            if (!MayHold(min, max))
                continue;
            // Without a page index the whole group is one page, as far as it is known.
            var pages = file.Pages(group, column) ?? [new PageInfo(0, 0, 0, file.RowGroups[group].Rows)];
            foreach (var page in pages)
            {
                if (!MayHold(page.Min, page.Max))
                    continue;
                var values = file.ReadRows(group, [column], page.FirstRow);
                for (var row = page.FirstRow; row < page.FirstRow + page.Rows && values.NextRow(); row++)
                {
                    if (!isWanted(values))
                        continue;
                    var cells = new RowCells(file.ReadRows(group, present, row), slots);
                    if (cells.Next()) yield return cells.Row();
                }
            }
        }
    }

    /// <summary>The wanted columns that the file has, and for each column of shards its place among them, or -1.</summary>
    private static (List<string> Present, int[] Slots) Select(ParquetFile file, IReadOnlyList<string>? columns)
    {
        if (columns?.FirstOrDefault(name => !ShardSchema.Columns.Contains(name)) is { } unknown)
            throw new ArgumentException($"'{unknown}' is not a column of shards.", nameof(columns));
        var wanted = ShardSchema.Columns.Where(name => columns?.Contains(name) != false);
        var present = new List<string>();
        foreach (var name in wanted)
        {
            var field = file.Schema.Fields.FirstOrDefault(field => field.Name == name);
            if (field is null)
                continue;
            if (Shape(field) != Shape(ShardSchema.Parquet.Fields.First(expected => expected.Name == name)))
                throw new ShardException(ShardFault.Unsupported, $"'{file.Name}' is not a shard of trajectories: its column '{name}' has another type.");
            present.Add(name);
        }

        return (present, [.. ShardSchema.Columns.Select(name => present.IndexOf(name))]);
    }

    private static (bool List, PhysicalType? Type) Shape(ParquetField field) => field switch
    {
        PrimitiveField primitive => (false, primitive.Type),
        ListField { Element: PrimitiveField element } => (true, element.Type),
        _ => (false, null),
    };

    private sealed class RowCells(RowCursor cursor, int[] slots)
    {
        private int _column;

        public bool Next() => cursor.NextRow();

        // In the order of ShardSchema: an object initializer is evaluated from top to bottom.
        public ShardRow Row()
        {
            _column = 0;
            return new ShardRow
            {
                Id = Text() ?? "",
                SchemaVersion = (int)Number(),
                RunId = Text() ?? "",
                Domain = Text() ?? "",
                Index = Number(),
                Attempt = (int)Number(),
                FamilyId = Text(),
                Intent = Text(),
                Slice = Text(),
                Shape = Text(),
                Tier = Text(),
                Status = Text() ?? "",
                Instruction = Text(),
                Messages = JsonList(),
                MessageMeta = JsonList(),
                Tools = Json(),
                Blueprint = Json(),
                AcceptedEndStates = Json(),
                StateDiff = Json(),
                Verdicts = JsonList(),
                RejectReasons = TextList(),
                Usage = Json(),
                Models = Json(),
                Seed = Text(),
                PackHash = Text(),
                ChecksVersion = Text(),
                PromptHashes = Json(),
                BenchmarkAdjacent = TextList(),
                LabelSource = Text(),
                PlantedFault = Text(),
                MessageCount = (int)Number(),
                ToolCallCount = (int)Number(),
            };
        }

        private string? Text() => slots[_column++] is >= 0 and var slot && cursor.Bytes(slot) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

        private long Number() => slots[_column++] is >= 0 and var slot ? cursor.Int64(slot) ?? 0 : 0;

        private ReadOnlyMemory<byte> Json() => slots[_column++] is >= 0 and var slot ? cursor.Bytes(slot) ?? default : default;

        private List<ReadOnlyMemory<byte>> JsonList() => slots[_column++] is >= 0 and var slot ? cursor.BytesList(slot) ?? [] : [];

        private List<string> TextList() => [.. JsonList().Select(text => Encoding.UTF8.GetString(text.Span))];
    }
}
