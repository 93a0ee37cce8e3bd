using System.Text;
using ConvoSynth.Runs.Rows;
using ParquetSharp;

namespace ConvoSynth.Benchmarks.Shards;

/// <summary>
/// The same columns written by ParquetSharp (Arrow's C++ writer), as its API takes them: texts and documents as strings, in row groups
/// of the same size.
/// </summary>
internal sealed class SharpShard : IDisposable
{
    private const int RowGroupBytes = 4_000_000;

    private static readonly (string Name, Func<ShardRow, object?> Get)[] Columns =
    [
        ("id", r => r.Id),
        ("schema_version", r => r.SchemaVersion),
        ("run_id", r => r.RunId),
        ("domain", r => r.Domain),
        ("index", r => r.Index),
        ("attempt", r => r.Attempt),
        ("family_id", r => r.FamilyId),
        ("intent", r => r.Intent),
        ("slice", r => r.Slice),
        ("shape", r => r.Shape),
        ("tier", r => r.Tier),
        ("status", r => r.Status),
        ("accept", r => r.Accept),
        ("instruction", r => r.Instruction),
        ("messages", r => Texts(r.Messages)),
        ("message_meta", r => Texts(r.MessageMeta)),
        ("tools", r => Text(r.Tools)),
        ("tools_timeline", r => Text(r.ToolsTimeline)),
        ("blueprint", r => Text(r.Blueprint)),
        ("accepted_end_states", r => Text(r.AcceptedEndStates)),
        ("state_diff", r => Text(r.StateDiff)),
        ("verdicts", r => Texts(r.Verdicts)),
        ("reject_reasons", r => r.RejectReasons.ToArray()),
        ("undecided_reasons", r => r.UndecidedReasons.ToArray()),
        ("passes", r => r.Passes.ToArray()),
        ("pass_rate", r => Text(r.PassRate)),
        ("usage", r => Text(r.Usage)),
        ("models", r => Text(r.Models)),
        ("seed", r => r.Seed),
        ("pack_hash", r => r.PackHash),
        ("world", r => Text(r.World)),
        ("checks_version", r => r.ChecksVersion),
        ("prompt_hashes", r => Text(r.PromptHashes)),
        ("benchmark_adjacent", r => r.BenchmarkAdjacent.ToArray()),
        ("label_source", r => r.LabelSource),
        ("planted_fault", r => r.PlantedFault),
        ("n_messages", r => r.MessageCount),
        ("n_tool_calls", r => r.ToolCallCount),
    ];

    private readonly ParquetFileWriter _file;
    private readonly List<ShardRow> _rows = [];
    private long _bytes;

    public SharpShard(string path)
    {
        using var builder = new WriterPropertiesBuilder();
        using var properties = builder.Compression(Compression.Zstd).CompressionLevel(3).Build();
        _file = new(path, [.. Columns.Select(c => new Column(TypeOf(c.Name), c.Name))], properties);
    }

    public void Append(ShardRow row)
    {
        _rows.Add(row);
        foreach (var cell in row.Messages.Concat(row.MessageMeta).Concat(row.Verdicts))
            _bytes += cell.Length;
        _bytes +=
            row.Tools.Length
            + row.Blueprint.Length
            + row.AcceptedEndStates.Length
            + row.StateDiff.Length
            + row.Usage.Length
            + row.Models.Length
            + (row.Instruction?.Length ?? 0);
        if (_bytes >= RowGroupBytes)
            EndGroup();
    }

    public void Finish()
    {
        if (_rows.Count > 0)
            EndGroup();
        _file.Close();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Finds the row group with this id and unpacks all its columns.</summary>
    public static int Find(string path, string id)
    {
        using var file = new ParquetFileReader(path);
        for (var group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using var reader = file.RowGroup(group);
            var rows = (int)reader.MetaData.NumRows;
            using var ids = reader.Column(0).LogicalReader<string>();
            if (!ids.ReadAll(rows).Contains(id))
                continue;
            for (var column = 1; column < Columns.Length; column++)
            {
                using var values = reader.Column(column).LogicalReader();
                values.Apply(new Reading(rows));
            }

            return group;
        }

        throw new InvalidOperationException($"ParquetSharp does not find the row {id}");
    }

    private void EndGroup()
    {
        using var group = _file.AppendRowGroup();
        foreach (var (name, get) in Columns)
        {
            var type = TypeOf(name);
            using var column = group.NextColumn();
            if (type == typeof(int))
                Write<int>(column, get);
            else if (type == typeof(long))
                Write<long>(column, get);
            else if (type == typeof(string))
                Write<string?>(column, get);
            else
                Write<string[]>(column, get);
        }

        _rows.Clear();
        _bytes = 0;
    }

    private void Write<T>(ColumnWriter column, Func<ShardRow, object?> get)
    {
        using var writer = column.LogicalWriter<T>();
        writer.WriteBatch([.. _rows.Select(row => (T)get(row)!)]);
    }

    private static Type TypeOf(string name) =>
        name switch
        {
            "index" => typeof(long),
            "schema_version" or "attempt" or "n_messages" or "n_tool_calls" => typeof(int),
            "messages" or "message_meta" or "verdicts" or "reject_reasons" or "undecided_reasons" or "passes" or "benchmark_adjacent" =>
                typeof(string[]),
            _ => typeof(string),
        };

    private static string? Text(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(bytes.Span);

    private static string[] Texts(IReadOnlyList<ReadOnlyMemory<byte>> cells) => [.. cells.Select(cell => Text(cell)!)];

    private sealed class Reading(int rows) : ILogicalColumnReaderVisitor<int>
    {
        public int OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader) => columnReader.ReadAll(rows).Length;
    }
}
