using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;
using ConvoSynth.Export.Templates;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// NeMo RL's dataset <c>openai_format</c>, read line by line so that arguments keep their fields. It learns from every answer of the
/// agent. Source: docs/guides/sft.md of NVIDIA-NeMo/RL.
/// </summary>
internal sealed class NemoRlFormat : JsonLinesFormat
{
    private MessageForm _form = new(ArgumentsAsText: false) { EmptyContent = true };

    public override string Name => "nemo-rl";

    public override string About => "NeMo RL's openai_format (JSON lines)";

    public override Holds HoldsOf(bool eachTurn) => Holds.ParallelCalls | Holds.TextBesideCalls | Holds.CallIds;

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        var validation = splits.Contains("validation")
            ? $"  validation:\n    dataset_name: openai_format\n    data_path: {FileOf("validation")}\n    use_preserving_dataset: true\n"
            : "";
        yield return new(
            "data.yaml",
            $"""
            # The part of NeMo RL's configuration that loads this folder.
            # Without use_preserving_dataset, the arguments of a call get the fields of other calls.
            data:
              train:
                dataset_name: openai_format
                data_path: {FileOf("train")}
                chat_key: messages
                tool_key: tools
                use_preserving_dataset: true
            {validation}
            """
        );
    }

    public override ExampleFormat By(string? template)
    {
        if (template is null)
            return this;
        var form = TemplateForm.Of(template);
        return new NemoRlFormat { _form = new(form.ArgumentsAsText) { EmptyContent = form.EmptyContent } };
    }

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        json.WritePropertyName("messages"u8);
        _form.WriteList(json, example.Messages);
        WriteTools(json, example);
        json.WriteEndObject();
    }
}
