using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// Axolotl's <c>chat_template</c> datasets, with <c>train</c> on each message. Arguments and tools are texts, since the loader of JSON
/// lines gives equal names one type. Source: docs/dataset-formats/conversation.qmd of axolotl-ai-cloud/axolotl.
/// </summary>
internal sealed class AxolotlFormat : JsonLinesFormat
{
    private static readonly MessageForm Form = new(ArgumentsAsText: true) { EmptyContent = true, Reasoning = true };

    public override string Name => "axolotl";

    public override string About => "Axolotl's chat_template datasets (JSON lines)";

    // Axolotl parses arguments that are text, and fails on text that is no JSON.
    public override Holds HoldsOf(bool eachTurn) =>
        Holds.Masks | Holds.ParallelCalls | Holds.TextBesideCalls | Holds.Reasoning | Holds.CallIds;

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        var tests = string.Concat(
            splits.Where(s => s != "train").Select(s => $"# {s}: add an entry like the one above under test_datasets, with {FileOf(s)}\n")
        );
        yield return new(
            "axolotl.yaml",
            $"""
            # The part of Axolotl's configuration that loads this folder; add base_model and the training settings.
            chat_template: tokenizer_default
            datasets:
              - path: {FileOf("train")}
                ds_type: json
                type: chat_template
                field_messages: messages
                field_tools: tools
                message_property_mappings:
                  role: role
                  content: content
                roles_to_train: []
                message_field_training: train
                train_on_eos: turn
            {tests}
            """
        );
    }

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < example.Messages.Count; i++)
        {
            json.WriteStartObject();
            Form.WriteFields(json, example.Messages[i]);
            json.WriteBoolean("train"u8, example.Messages[i].Speaker == Speaker.Assistant && example.Trains(i));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (!example.Tools.IsEmpty)
            WriteToolsText(json, example);
        json.WriteEndObject();
    }
}
