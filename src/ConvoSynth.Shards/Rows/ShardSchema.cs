using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Rows;

/// <summary>The columns of every shard of every run, in file order. A change of meaning or order is a new <see cref="Version"/>.</summary>
public static class ShardSchema
{
    public const int Version = 1;

    public static ParquetSchema Parquet { get; } = new(
        PrimitiveField.Text("id"),
        PrimitiveField.Int32("schema_version"),
        PrimitiveField.Text("run_id"),
        PrimitiveField.Text("domain"),
        PrimitiveField.Int64("index"),
        PrimitiveField.Int32("attempt"),
        PrimitiveField.Text("family_id", optional: true),
        PrimitiveField.Text("intent", optional: true),
        PrimitiveField.Text("slice", optional: true),
        PrimitiveField.Text("shape", optional: true),
        PrimitiveField.Text("tier", optional: true),
        PrimitiveField.Text("status"),
        PrimitiveField.Text("instruction", optional: true),
        JsonList("messages"),
        JsonList("message_meta"),
        PrimitiveField.Json("tools", optional: true),
        PrimitiveField.Json("blueprint", optional: true),
        PrimitiveField.Json("accepted_end_states", optional: true),
        PrimitiveField.Json("state_diff", optional: true),
        JsonList("verdicts"),
        TextList("reject_reasons"),
        PrimitiveField.Json("usage", optional: true),
        PrimitiveField.Json("models", optional: true),
        PrimitiveField.Text("seed", optional: true),
        PrimitiveField.Text("pack_hash", optional: true),
        PrimitiveField.Text("checks_version", optional: true),
        PrimitiveField.Json("prompt_hashes", optional: true),
        TextList("benchmark_adjacent"),
        PrimitiveField.Text("label_source", optional: true),
        PrimitiveField.Text("planted_fault", optional: true),
        PrimitiveField.Int32("n_messages"),
        PrimitiveField.Int32("n_tool_calls"));

    /// <summary>Column names in file order.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Parquet.Fields.Select(field => field.Name)];

    private static ListField JsonList(string name) => new(name, PrimitiveField.Json("element"));

    private static ListField TextList(string name) => new(name, PrimitiveField.Text("element"));
}
