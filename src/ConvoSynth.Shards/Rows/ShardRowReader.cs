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

    /// <summary>The row of that id, or null. Reads the ids alone until it has found it.</summary>
    public static ShardRow? Find(ParquetFile file, string id)
    {
        var wanted = Encoding.UTF8.GetBytes(id);
        var (present, slots) = Select(file, null);
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            if (!MayHold(file.Statistics(group, "id"), wanted))
                continue;
            var ids = file.ReadRows(group, ["id"]);
            for (long row = 0; ids.NextRow(); row++)
            {
                if (ids.Bytes(0) is not { } found || !found.Span.SequenceEqual(wanted))
                    continue;
                var cursor = file.ReadRows(group, present);
                cursor.Skip(row);
                var cells = new RowCells(cursor, slots);
                return cells.Next() ? cells.Row() : null;
            }
        }

        return null;
    }

    private static bool MayHold(ChunkStatistics statistics, byte[] id) =>
        (statistics.Min is null || id.AsSpan().SequenceCompareTo(statistics.Min) >= 0)
        && (statistics.Max is null || id.AsSpan().SequenceCompareTo(statistics.Max) <= 0);

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
