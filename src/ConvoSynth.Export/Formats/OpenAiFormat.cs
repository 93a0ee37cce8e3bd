using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// Supervised fine-tuning at OpenAI and Azure OpenAI: <c>weight</c> 0 or 1 on each answer of the agent, arguments as text. Source:
/// FineTuneChatCompletionRequestAssistantMessage in OpenAI's openapi.yaml.
/// </summary>
internal sealed class OpenAiFormat : JsonLinesFormat
{
    private static readonly MessageForm Form = new(ArgumentsAsText: true) { ToolNames = false };

    public override string Name => "openai";

    public override string About => "fine-tuning at OpenAI and Azure OpenAI (JSON lines)";

    public override Holds HoldsOf(bool eachTurn) =>
        Holds.Masks | Holds.ParallelCalls | Holds.TextBesideCalls | Holds.CallIds | Holds.TextArguments;

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < example.Messages.Count; i++)
        {
            var message = example.Messages[i];
            json.WriteStartObject();
            Form.WriteFields(json, message);
            if (message.Speaker == Speaker.Assistant)
                json.WriteNumber("weight"u8, example.Trains(i) ? 1 : 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (!example.Tools.IsEmpty)
        {
            WriteTools(json, example);
            json.WriteBoolean("parallel_tool_calls"u8, example.Messages.Any(m => m.Calls.Count > 1));
        }

        json.WriteEndObject();
    }
}
