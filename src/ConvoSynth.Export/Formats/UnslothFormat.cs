namespace ConvoSynth.Export.Formats;

/// <summary>
/// Unsloth, which trains by TRL's trainer on text that a chat template has rendered: its own converters refuse tools. It masks by the
/// marks of a template and knows no mask of a single answer.
/// </summary>
internal sealed class UnslothFormat : TrlFormat
{
    private const string Whole = """
        def render(row):
            return {"text": tokenizer.apply_chat_template(row["messages"], tools=row["tools"] or None, tokenize=False)}


        args = SFTConfig(output_dir="out", dataset_text_field="text")
        """;

    private const string Turns = """
        def render(row):
            tools = row["tools"] or None
            prompt = tokenizer.apply_chat_template(row["prompt"], tools=tools, tokenize=False, add_generation_prompt=True)
            whole = tokenizer.apply_chat_template(row["prompt"] + row["completion"], tools=tools, tokenize=False)
            return {"prompt": prompt, "completion": whole[len(prompt):]}


        args = SFTConfig(output_dir="out", completion_only_loss=True)
        """;

    public override string Name => "unsloth";

    public override string About => "Unsloth (Parquet, rendered by the tokenizer's template)";

    protected override string Script(bool eachTurn) =>
        $"""
            # Loads this folder, renders it by the tokenizer's chat template and trains on it. Needs unsloth, and datasets 4.7 or newer.
            from unsloth import FastLanguageModel
            from datasets import load_dataset
            from trl import SFTConfig, SFTTrainer

            model, tokenizer = FastLanguageModel.from_pretrained("unsloth/Qwen3-0.6B", max_seq_length=16384)


            """
        + (eachTurn ? Turns : Whole)
        + """

            rows = load_dataset(".", split="train").map(render)
            trainer = SFTTrainer(model=model, processing_class=tokenizer, train_dataset=rows, args=args)
            trainer.train()

            """;
}
