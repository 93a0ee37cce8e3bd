using ConvoSynth.Core;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>A row as one JSON object: the shard's columns under their names, with JSON cells as documents.</summary>
public static class RowJson
{
    public static Json Of(ShardRow row) =>
        Json.Map(
            ("id", row.Id),
            ("schema_version", row.SchemaVersion),
            ("run_id", row.RunId),
            ("domain", row.Domain),
            ("index", row.Index),
            ("attempt", row.Attempt),
            ("family_id", row.FamilyId),
            ("intent", row.Intent),
            ("slice", row.Slice),
            ("shape", row.Shape),
            ("tier", row.Tier),
            ("status", row.Status),
            ("accept", row.Accept),
            ("instruction", row.Instruction),
            ("messages", Cells(row.Messages)),
            ("message_meta", Cells(row.MessageMeta)),
            ("tools", Cell(row.Tools)),
            ("tools_timeline", Cell(row.ToolsTimeline)),
            ("blueprint", Cell(row.Blueprint)),
            ("accepted_end_states", Cell(row.AcceptedEndStates)),
            ("state_diff", Cell(row.StateDiff)),
            ("verdicts", Cells(row.Verdicts)),
            ("reject_reasons", Texts(row.RejectReasons)),
            ("undecided_reasons", Texts(row.UndecidedReasons)),
            ("passes", Texts(row.Passes)),
            ("pass_rate", Cell(row.PassRate)),
            ("usage", Cell(row.Usage)),
            ("models", Cell(row.Models)),
            ("seed", row.Seed),
            ("pack_hash", row.PackHash),
            ("world", Cell(row.World)),
            ("checks_version", row.ChecksVersion),
            ("prompt_hashes", Cell(row.PromptHashes)),
            ("benchmark_adjacent", Texts(row.BenchmarkAdjacent)),
            ("label_source", row.LabelSource),
            ("planted_fault", row.PlantedFault),
            ("n_messages", row.MessageCount),
            ("n_tool_calls", row.ToolCallCount)
        );

    /// <summary>A JSON cell; null if it is empty.</summary>
    public static Json Cell(ReadOnlyMemory<byte> cell) => cell.IsEmpty ? Json.Null : Json.Parse(cell.Span);

    private static JsonList Texts(IReadOnlyList<string> texts) => Json.List(texts.Select(t => (Json)t));

    private static JsonList Cells(IReadOnlyList<ReadOnlyMemory<byte>> cells) => Json.List(cells.Select(Cell));
}
