using System.Text.Json;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;

namespace ConvoSynth.Export.Pairs;

/// <summary>
/// Direct preference optimization at OpenAI and Azure OpenAI: <c>input</c>, <c>preferred_output</c> and <c>non_preferred_output</c>, each
/// output one answer of the agent.
/// </summary>
internal sealed class OpenAiPairs : PairFormat
{
    private static readonly MessageForm Form = new(ArgumentsAsText: true) { ToolNames = false };

    public override string Name => "openai-dpo";

    public override string About => "preference pairs for OpenAI and Azure OpenAI (JSON lines)";

    public override string? Problem(PreferencePair pair) => null;

    public override IRecordFiles<PreferencePair> Begin(OutputFolder output, string split) =>
        new JsonLinesFile<PreferencePair>(output, $"{split}.jsonl", Write);

    private static void Write(Utf8JsonWriter json, PreferencePair pair)
    {
        json.WriteStartObject();
        json.WriteStartObject("input"u8);
        json.WritePropertyName("messages"u8);
        Form.WriteList(json, pair.Context);
        if (!pair.Tools.IsEmpty)
        {
            json.WritePropertyName("tools"u8);
            json.WriteRawValue(ToolTexts.Wrapped(pair.Tools), skipInputValidation: true);
            json.WriteBoolean("parallel_tool_calls"u8, pair.Context.Append(pair.Chosen).Any(m => m.Calls.Count > 1));
        }

        json.WriteEndObject();
        json.WritePropertyName("preferred_output"u8);
        Form.WriteList(json, [pair.Chosen]);
        json.WritePropertyName("non_preferred_output"u8);
        Form.WriteList(json, [pair.Refused]);
        json.WriteEndObject();
    }
}
