using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Interop.Tests;

/// <summary>
/// The form in which the values of all readers are compared; tests/interop/canonical.mjs produces the same. Names and types are
/// repeated here, so that a mistake in the program's own table is noticed.
/// </summary>
internal static class Canonical
{
    private static readonly string[] Numbers = ["schema_version", "index", "attempt", "n_messages", "n_tool_calls"];
    private static readonly string[] Lists =
    [
        "messages",
        "message_meta",
        "verdicts",
        "reject_reasons",
        "undecided_reasons",
        "passes",
        "benchmark_adjacent",
    ];

    /// <summary>What a script must know about the columns.</summary>
    public static JsonArray Shapes => new([.. ShardSchema.Columns.Select(Shape)]);

    public static bool IsList(string column) => Lists.Contains(column);

    public static bool IsNumber(string column) => Numbers.Contains(column);

    public static JsonArray Row(ShardRow row) =>
        new(
            row.Id,
            Number(row.SchemaVersion),
            row.RunId,
            row.Domain,
            Number(row.Index),
            Number(row.Attempt),
            row.FamilyId,
            row.Intent,
            row.Slice,
            row.Shape,
            row.Tier,
            row.Status,
            row.Accept,
            row.Instruction,
            Documents(row.Messages),
            Documents(row.MessageMeta),
            Document(row.Tools),
            Document(row.ToolsTimeline),
            Document(row.Blueprint),
            Document(row.AcceptedEndStates),
            Document(row.StateDiff),
            Documents(row.Verdicts),
            Texts(row.RejectReasons),
            Texts(row.UndecidedReasons),
            Texts(row.Passes),
            Document(row.PassRate),
            Document(row.Usage),
            Document(row.Models),
            row.Seed,
            row.PackHash,
            Document(row.World),
            row.ChecksVersion,
            Document(row.PromptHashes),
            Texts(row.BenchmarkAdjacent),
            row.LabelSource,
            row.PlantedFault,
            Number(row.MessageCount),
            Number(row.ToolCallCount)
        );

    private static JsonNode Shape(string column) =>
        IsList(column)
            ? new JsonObject
            {
                ["name"] = column,
                ["kind"] = "list",
                ["element"] = new JsonObject { ["name"] = "element", ["kind"] = "text" },
            }
            : new JsonObject { ["name"] = column, ["kind"] = IsNumber(column) ? "int" : "text" };

    private static JsonValue Number(long number) => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture));

    private static JsonValue? Document(ReadOnlyMemory<byte> bytes) =>
        bytes.IsEmpty ? null : JsonValue.Create(Encoding.UTF8.GetString(bytes.Span));

    private static JsonArray Documents(IReadOnlyList<ReadOnlyMemory<byte>> list) => new([.. list.Select(bytes => Document(bytes))]);

    private static JsonArray Texts(IReadOnlyList<string> list) => new([.. list.Select(text => JsonValue.Create(text))]);
}
