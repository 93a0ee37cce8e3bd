using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// ms-swift's messages with the roles <c>tool_call</c> and <c>tool_response</c>, and <c>loss</c> on each part of an answer. It joins the
/// words and the calls that follow one another. Source: docs/source_en/Customization/Custom-dataset.md and
/// docs/source_en/Instruction/Agent-support.md of modelscope/ms-swift.
/// </summary>
internal sealed class MsSwiftFormat : JsonLinesFormat
{
    public override string Name => "ms-swift";

    public override string About => "ms-swift's agent datasets (JSON lines)";

    public override Holds HoldsOf(bool eachTurn) => Holds.Masks | Holds.ParallelCalls | Holds.TextBesideCalls;

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        yield return new(
            "train.sh",
            $"""
            #!/bin/sh
            # Loads this folder; set the model and the training settings. The fields "loss" decide what is learned from.
            swift sft --model Qwen/Qwen3-0.6B --dataset {FileOf("train")} --agent_template hermes --loss_scale default "$@"

            """
        );
    }

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < example.Messages.Count; i++)
            WriteParts(json, example.Messages[i], example.Trains(i));
        json.WriteEndArray();
        if (!example.Tools.IsEmpty)
            WriteToolsText(json, example);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, ChatMessage message, bool trains)
    {
        if (message.Speaker != Speaker.Assistant)
        {
            var role = message.Speaker switch
            {
                Speaker.System => "system",
                Speaker.User => "user",
                _ => "tool_response",
            };
            Part(json, role, message.Text ?? "", null);
            return;
        }

        if (message.Calls.Count == 0 || !string.IsNullOrEmpty(message.Text))
            Part(json, "assistant", message.Text ?? "", trains);
        foreach (var call in message.Calls)
            Part(json, "tool_call", ShareGptLines.CallText(call), trains);
    }

    private static void Part(Utf8JsonWriter json, string role, string content, bool? loss)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        if (loss is { } learned)
            json.WriteBoolean("loss"u8, learned);
        json.WriteEndObject();
    }
}
