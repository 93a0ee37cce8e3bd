using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// TRL's SFTTrainer: <c>messages</c> and <c>tools</c> of the conversational language-modelling form, or <c>prompt</c> and
/// <c>completion</c> for each turn. It has no mask of a single answer, so only the form of turns holds masks. Source:
/// docs/source/dataset_formats.md of huggingface/trl.
/// </summary>
internal class TrlFormat : TableFormat
{
    public override string Name => "trl";

    public override string About => "TRL's SFTTrainer (Parquet)";

    public override Holds HoldsOf(bool eachTurn) =>
        Holds.ParallelCalls
        | Holds.TextBesideCalls
        | Holds.Reasoning
        | Holds.CallIds
        | Holds.TextArguments
        | (eachTurn ? Holds.Masks : Holds.Nothing);

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        yield return HubCard.Of(splits, ColumnsOf(eachTurn), "sft.py");
        yield return new("sft.py", Script(eachTurn));
    }

    protected virtual string Script(bool eachTurn) =>
        $$"""
            # Loads this folder and trains on it. Needs trl, and datasets 4.7 or newer, which decodes the JSON columns.
            from datasets import load_dataset
            from trl import SFTConfig, SFTTrainer

            rows = load_dataset(".", split="train")
            trainer = SFTTrainer(
                model="Qwen/Qwen3-0.6B",
                train_dataset=rows,
                args=SFTConfig(output_dir="out", {{(eachTurn ? "completion_only_loss=True" : "assistant_only_loss=True")}}),
            )
            trainer.train()

            """;
}
