using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// LLaMA-Factory's ShareGPT datasets. Turns of the two sides alternate, and the last is the agent's; it drops other rows with a warning.
/// It learns from each answer, or with <c>mask_history</c> from the last alone. Observations of parallel calls would be one turn whose
/// inner marks depend on the template, so parallel calls have no place. Source: src/llamafactory/data/converter.py of
/// hiyouga/LLaMA-Factory.
/// </summary>
internal sealed class LlamaFactoryFormat : JsonLinesFormat
{
    public override string Name => "llamafactory";

    public override string About => "LLaMA-Factory's ShareGPT datasets (JSON lines)";

    public override Holds HoldsOf(bool eachTurn) => eachTurn ? Holds.Masks : Holds.Nothing;

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        yield return LlamaFactoryInfo.Of(splits, ranked: false);
        yield return new(
            "sft.yaml",
            $"""
            # The part of LLaMA-Factory's configuration that loads this folder; add the model and the training settings.
            stage: sft
            do_train: true
            dataset_dir: .
            dataset: convosynth_train
            {(eachTurn ? "# Each example teaches its last answer alone.\nmask_history: true" : "mask_history: false")}

            """
        );
    }

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        ShareGptLines.Write(json, example.Messages);
        WriteToolsText(json, example, bare: true);
        json.WriteEndObject();
    }
}
