using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Anthropic's Messages. Content blocks of earlier turns go back unchanged: thinking is signed, and the server refuses it if it was
/// changed.
/// </summary>
public sealed partial class MessagesProtocol : IChatProtocol
{
    // The first message must be the user's, and a simulated human has none before its own first one.
    private const string Beginning = "(The conversation begins.)";

    public ReadOnlyMemory<byte> Write(EndpointSpec spec, Prompt prompt)
    {
        using var body = BodyWriter.Begin(spec);
        var json = body.Json;
        json.WriteString("model"u8, spec.Model);
        WriteTools(body, spec, prompt);
        json.WriteString("system"u8, prompt.System);
        json.WriteStartArray("messages"u8);
        WriteMessages(body, spec, prompt.Messages);
        json.WriteEndArray();
        body.Number("max_tokens", spec.MaxOutputTokens);
        body.Number("temperature", spec.Temperature);
        WriteOutput(body, spec, prompt.Answer);
        body.Text("service_tier", spec.ServiceTier);
        return body.End();
    }

    private static void WriteTools(BodyWriter body, EndpointSpec spec, Prompt prompt)
    {
        if (prompt.Tools.IsEmpty)
            return;
        var json = body.Json;
        json.WriteStartArray("tools"u8);
        foreach (var tool in prompt.Tools)
        {
            var strict = spec.StrictTools ? StrictSchema.Of(tool.Parameters) : null;
            json.WriteStartObject();
            body.Function(tool, strict, "input_schema"u8);
            if (strict is not null)
                json.WriteBoolean("strict"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (spec.ParallelToolCalls || !body.Owns("tool_choice"))
            return;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "auto"u8);
        json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    // All user-side content between two turns of the model forms one message: a turn's tool results must stand together.
    private static void WriteMessages(BodyWriter body, EndpointSpec spec, IReadOnlyList<Message> messages)
    {
        var echoed = ReasoningEchoing.From(spec, messages);
        bool? isOpenOfModel = null;
        void Open(bool isOfModel)
        {
            if (isOpenOfModel == isOfModel)
                return;
            if (isOpenOfModel is not null)
                Close();
            isOpenOfModel = isOfModel;
            body.Json.WriteStartObject();
            body.Json.WriteString("role"u8, isOfModel ? "assistant"u8 : "user"u8);
            body.Json.WriteStartArray("content"u8);
        }

        void Close()
        {
            body.Json.WriteEndArray();
            body.Json.WriteEndObject();
        }

        if (messages.Count == 0 || messages[0].Role == MessageRole.Assistant)
        {
            Open(isOfModel: false);
            WriteText(body, Beginning);
        }

        for (var i = 0; i < messages.Count; i++)
        {
            Open(messages[i].Role == MessageRole.Assistant);
            WriteBlocks(body, spec, messages[i], i >= echoed);
        }

        Close();
    }

    private static void WriteBlocks(BodyWriter body, EndpointSpec spec, Message message, bool echoes)
    {
        var json = body.Json;
        if (message.Role == MessageRole.Tool)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_result"u8);
            json.WriteString("tool_use_id"u8, message.ToolCallId);
            json.WriteString("content"u8, message.Content ?? "");
            json.WriteEndObject();
            return;
        }

        if (
            echoes
            && message.Reasoning is { Items: JsonList blocks } reasoning
            && reasoning.Endpoint == spec.Name
            && IsAcceptable(blocks, message)
        )
        {
            var call = 0;
            foreach (var block in blocks.Items)
                body.Value(
                    block is JsonMap map && map["type"].Text == "tool_use" && message.ToolCalls[call++].Id is var id && map["id"].Text != id
                        ? map.With("id", id)
                        : block
                );
            return;
        }

        if (PastTurns.Text(message) is { } text && !string.IsNullOrWhiteSpace(text))
            WriteText(body, text);
        foreach (var call in message.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, call.Id);
            json.WriteString("name"u8, PastTurns.Name(call));
            json.WritePropertyName("input"u8);
            json.WriteRawValue(PastTurns.AsObject(call.Arguments), skipInputValidation: true);
            json.WriteEndObject();
        }
    }

    // Skipped if the limit cut the answer off within its thinking, or if a role dropped a call: the server would refuse the whole
    // request.
    private static bool IsAcceptable(JsonList blocks, Message message) =>
        blocks.Items is [.., var last]
        && last["type"].Text is not ("thinking" or "redacted_thinking")
        && blocks.Items.Count(static b => b["type"].Text == "tool_use") == message.ToolCalls.Length;

    private static void WriteText(BodyWriter body, string text)
    {
        body.Json.WriteStartObject();
        body.Json.WriteString("type"u8, "text"u8);
        body.Json.WriteString("text"u8, text);
        body.Json.WriteEndObject();
    }

    private static void WriteOutput(BodyWriter body, EndpointSpec spec, AnswerSchema? answer)
    {
        if ((answer is null && spec.ReasoningEffort is null) || !body.Owns("output_config"))
            return;
        var json = body.Json;
        json.WriteStartObject("output_config"u8);
        if (spec.ReasoningEffort is { } effort)
            json.WriteString("effort"u8, effort);
        if (answer is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            body.Value("schema", answer.Schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
