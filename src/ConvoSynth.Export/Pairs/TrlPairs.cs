using System.Text;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Pairs;

/// <summary>
/// TRL's DPOTrainer: <c>prompt</c>, <c>chosen</c>, <c>rejected</c> and <c>tools</c>. Source: docs/source/dataset_formats.md of
/// huggingface/trl.
/// </summary>
internal sealed class TrlPairs : PairFormat
{
    private static readonly ColumnShape[] Columns =
    [
        new("prompt", ColumnType.Json, IsList: true),
        new("chosen", ColumnType.Json, IsList: true),
        new("rejected", ColumnType.Json, IsList: true),
        new("tools", ColumnType.Json, Optional: true),
        new("id", ColumnType.Text),
        new("rejected_id", ColumnType.Text),
    ];

    public override string Name => "trl-dpo";

    public override string About => "preference pairs for TRL's DPOTrainer (Parquet)";

    public override string? Problem(PreferencePair pair) => null;

    public override IRecordFiles<PreferencePair> Begin(OutputFolder output, string split) =>
        new TableFiles<PreferencePair>(output, split, Columns, Write);

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        yield return HubCard.Of(splits, Columns, "dpo.py");
        yield return new(
            "dpo.py",
            """
            # Loads this folder and trains on its pairs. Needs trl, and datasets 4.7 or newer, which decodes the JSON columns.
            from datasets import load_dataset
            from trl import DPOConfig, DPOTrainer

            pairs = load_dataset(".", split="train")
            trainer = DPOTrainer(model="Qwen/Qwen3-0.6B", train_dataset=pairs, args=DPOConfig(output_dir="out"))
            trainer.train()

            """
        );
    }

    private static void Write(DocumentTable table, PreferencePair pair)
    {
        table.Cells(0, pair.Context.Select(m => m.FilledCell));
        table.Cells(1, [pair.Chosen.FilledCell]);
        table.Cells(2, [pair.Refused.FilledCell]);
        table.Cell(3, pair.Tools.Span);
        table.Cell(4, Encoding.UTF8.GetBytes(pair.Accepted.Id));
        table.Cell(5, Encoding.UTF8.GetBytes(pair.Rejected.Id));
    }
}
