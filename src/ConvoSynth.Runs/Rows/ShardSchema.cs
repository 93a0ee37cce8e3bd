namespace ConvoSynth.Runs.Rows;

/// <summary>
/// The columns of every shard, in file order; writer, reader and dataset card all use this table. A change of meaning or order needs a
/// new <see cref="Version"/>; shards of earlier versions lack the later columns. Version 2 added undecided rows and profiles, version 3
/// worlds, version 4 needed calls and the columns of pass rates and changing tools.
/// </summary>
public static class ShardSchema
{
    public const int Version = 4;

    /// <summary>The key of the file's metadata that holds the shard's <see cref="Version"/>.</summary>
    internal const string VersionKey = "convosynth.schema_version";

    internal static IReadOnlyList<ShardColumn> Table { get; } =
    [
        Text("id", nameof(ShardRow.Id)),
        Int32("schema_version", nameof(ShardRow.SchemaVersion)),
        Text("run_id", nameof(ShardRow.RunId)),
        Text("domain", nameof(ShardRow.Domain)),
        new NumberColumn<long>("index", ColumnType.Int64, nameof(ShardRow.Index)),
        Int32("attempt", nameof(ShardRow.Attempt)),
        OptionalText("family_id", nameof(ShardRow.FamilyId)),
        OptionalText("intent", nameof(ShardRow.Intent)),
        OptionalText("slice", nameof(ShardRow.Slice)),
        OptionalText("shape", nameof(ShardRow.Shape)),
        OptionalText("tier", nameof(ShardRow.Tier)),
        Text("status", nameof(ShardRow.Status)),
        OptionalText("accept", nameof(ShardRow.Accept), since: 2),
        OptionalText("instruction", nameof(ShardRow.Instruction)),
        JsonList("messages", nameof(ShardRow.Messages)),
        JsonList("message_meta", nameof(ShardRow.MessageMeta)),
        OptionalJson("tools", nameof(ShardRow.Tools)),
        OptionalJson("tools_timeline", nameof(ShardRow.ToolsTimeline), since: 4),
        OptionalJson("blueprint", nameof(ShardRow.Blueprint)),
        OptionalJson("accepted_end_states", nameof(ShardRow.AcceptedEndStates)),
        OptionalJson("state_diff", nameof(ShardRow.StateDiff)),
        JsonList("verdicts", nameof(ShardRow.Verdicts)),
        TextList("reject_reasons", nameof(ShardRow.RejectReasons)),
        TextList("undecided_reasons", nameof(ShardRow.UndecidedReasons), since: 2),
        TextList("passes", nameof(ShardRow.Passes), since: 2),
        OptionalJson("pass_rate", nameof(ShardRow.PassRate), since: 4),
        OptionalJson("usage", nameof(ShardRow.Usage)),
        OptionalJson("models", nameof(ShardRow.Models)),
        OptionalText("seed", nameof(ShardRow.Seed)),
        OptionalText("pack_hash", nameof(ShardRow.PackHash)),
        OptionalJson("world", nameof(ShardRow.World), since: 3),
        OptionalText("checks_version", nameof(ShardRow.ChecksVersion)),
        OptionalJson("prompt_hashes", nameof(ShardRow.PromptHashes)),
        TextList("benchmark_adjacent", nameof(ShardRow.BenchmarkAdjacent)),
        OptionalText("label_source", nameof(ShardRow.LabelSource)),
        OptionalText("planted_fault", nameof(ShardRow.PlantedFault)),
        Int32("n_messages", nameof(ShardRow.MessageCount)),
        Int32("n_tool_calls", nameof(ShardRow.ToolCallCount)),
    ];

    /// <summary>Column names in file order.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Table.Select(column => column.Name)];

    private static NumberColumn<int> Int32(string name, string property) => new(name, ColumnType.Int32, property);

    private static CellColumn<string, TextCell> Text(string name, string property) => new(name, property, optional: false);

    private static CellColumn<string, TextCell> OptionalText(string name, string property, int since = 1) =>
        new(name, property, optional: true) { Since = since };

    private static CellColumn<ReadOnlyMemory<byte>, JsonCell> OptionalJson(string name, string property, int since = 1) =>
        new(name, property, optional: true) { Since = since };

    private static CellListColumn<ReadOnlyMemory<byte>, JsonCell> JsonList(string name, string property) => new(name, property);

    private static CellListColumn<string, TextCell> TextList(string name, string property, int since = 1) =>
        new(name, property) { Since = since };
}
