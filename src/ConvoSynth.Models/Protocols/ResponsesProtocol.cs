using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// OpenAI's Responses, without storage at the provider. Each request has the whole conversation, with encrypted reasoning where it is
/// echoed.
/// </summary>
public sealed partial class ResponsesProtocol : IChatProtocol
{
    public ReadOnlyMemory<byte> Write(EndpointSpec spec, Prompt prompt)
    {
        using var body = BodyWriter.Begin(spec);
        var json = body.Json;
        json.WriteString("model"u8, spec.Model);
        json.WriteString("instructions"u8, prompt.System);
        body.Tools(spec, prompt.Tools, WriteTool);
        json.WriteStartArray("input"u8);
        var echoed = ReasoningEchoing.From(spec, prompt.Messages);
        for (var i = 0; i < prompt.Messages.Count; i++)
            WriteItems(body, spec, prompt.Messages[i], i >= echoed);
        json.WriteEndArray();
        if (prompt.Answer is { } answer)
            WriteAnswer(body, answer);
        body.Number("max_output_tokens", spec.MaxOutputTokens);
        body.Number("temperature", spec.Temperature);
        WriteReasoning(body, spec);
        body.Text("service_tier", spec.ServiceTier);
        body.Text("prompt_cache_key", spec.PromptCacheKey);
        body.Flag("store", false);
        if (spec.ReasoningEcho != ReasoningEcho.None && body.Owns("include"))
        {
            json.WriteStartArray("include"u8);
            json.WriteStringValue("reasoning.encrypted_content"u8);
            json.WriteEndArray();
        }

        body.Metadata(prompt.Metadata);
        return body.End();
    }

    private static void WriteTool(BodyWriter body, ToolDefinition tool, Json? strict)
    {
        body.Json.WriteStartObject();
        body.Json.WriteString("type"u8, "function"u8);
        body.Function(tool, strict);
        body.Json.WriteBoolean("strict"u8, strict is not null); // The Responses API defaults to true.
        body.Json.WriteEndObject();
    }

    private static void WriteItems(BodyWriter body, EndpointSpec spec, Message message, bool echoes)
    {
        var json = body.Json;
        if (message.Role == MessageRole.Tool)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function_call_output"u8);
            json.WriteString("call_id"u8, message.ToolCallId);
            json.WriteString("output"u8, message.Content ?? "");
            json.WriteEndObject();
            return;
        }

        // The server accepts reasoning only right before the item that followed it, so the whole output goes back unchanged.
        if (
            echoes
            && message.Reasoning is { Items: JsonList output } reasoning
            && reasoning.Endpoint == spec.Name
            && IsAcceptable(output, message)
        )
        {
            WriteBack(body, output, message);
            return;
        }

        if (message.Kept is { Items: JsonList others } kept && kept.Endpoint == spec.Name && IsAcceptable(others, message))
        {
            WriteBack(body, others, message);
            return;
        }

        if (PastTurns.Text(message) is { Length: > 0 } content)
        {
            json.WriteStartObject();
            json.WriteString(
                "role"u8,
                message.Role switch
                {
                    MessageRole.System => "system"u8,
                    MessageRole.User => "user"u8,
                    _ => "assistant"u8,
                }
            );
            json.WriteString("content"u8, content);
            json.WriteEndObject();
        }

        foreach (var call in message.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function_call"u8);
            json.WriteString("call_id"u8, call.Id);
            body.Call(spec, call);
            json.WriteEndObject();
        }
    }

    // Unchanged except for ids of calls that the dialogue had already used.
    private static void WriteBack(BodyWriter body, JsonList output, Message message)
    {
        var call = 0;
        foreach (var item in output.Items)
            body.Value(
                item is JsonMap map
                && map["type"].Text == "function_call"
                && message.ToolCalls[call++].Id is var id
                && map["call_id"].Text != id
                    ? map.With("call_id", id)
                    : item
            );
    }

    // Skipped if the limit cut the answer off right after reasoning, or if a call's name is invalid: the server would refuse the whole
    // request.
    private static bool IsAcceptable(JsonList output, Message message) =>
        output.Items.Count > 0
        && output.Items[^1]["type"].Text != "reasoning"
        && message.ToolCalls.All(static c => PastTurns.Name(c) == c.Name)
        && output.Items.Count(static i => i["type"].Text == "function_call") == message.ToolCalls.Length;

    private static void WriteAnswer(BodyWriter body, AnswerSchema answer)
    {
        var json = body.Json;
        json.WriteStartObject("text"u8);
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        body.Schema(answer);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteReasoning(BodyWriter body, EndpointSpec spec)
    {
        if ((spec.ReasoningEffort is null && !spec.ReasoningInRows) || !body.Owns("reasoning"))
            return;
        body.Json.WriteStartObject("reasoning"u8);
        if (spec.ReasoningEffort is { } effort)
            body.Json.WriteString("effort"u8, effort);
        if (spec.ReasoningInRows)
            body.Json.WriteString("summary"u8, "auto"u8);
        body.Json.WriteEndObject();
    }
}
