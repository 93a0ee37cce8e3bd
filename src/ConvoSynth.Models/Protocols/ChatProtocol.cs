using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>OpenAI's Chat Completions, and the variants of other servers.</summary>
public sealed partial class ChatProtocol : IChatProtocol
{
    public ReadOnlyMemory<byte> Write(EndpointSpec spec, Prompt prompt)
    {
        using var body = BodyWriter.Begin(spec);
        var json = body.Json;
        json.WriteString("model"u8, spec.Model);
        body.Tools(spec, prompt.Tools, WriteTool);
        json.WriteStartArray("messages"u8);
        json.WriteStartObject();
        json.WriteString("role"u8, "system"u8);
        json.WriteString("content"u8, prompt.System);
        json.WriteEndObject();
        var echoed = ReasoningEchoing.From(spec, prompt.Messages);
        for (var i = 0; i < prompt.Messages.Count; i++)
            WriteMessage(body, spec, prompt.Messages[i], i >= echoed);
        json.WriteEndArray();
        if (prompt.Answer is { } answer)
            WriteAnswer(body, answer);

        // OpenAI's newer models refuse max_tokens; most other servers accept only that.
        body.Number(spec.Provider == EndpointProvider.OpenAICompatible ? "max_tokens" : "max_completion_tokens", spec.MaxOutputTokens);
        body.Number("temperature", spec.Temperature);
        body.Text("reasoning_effort", spec.ReasoningEffort);
        body.Text("service_tier", spec.ServiceTier);
        body.Text("prompt_cache_key", spec.PromptCacheKey);
        body.Metadata(prompt.Metadata);
        return body.End();
    }

    private static void WriteTool(BodyWriter body, ToolDefinition tool, Json? strict)
    {
        body.Json.WriteStartObject();
        body.Json.WriteString("type"u8, "function"u8);
        body.Json.WriteStartObject("function"u8);
        body.Function(tool, strict);
        if (strict is not null)
            body.Json.WriteBoolean("strict"u8, true);
        body.Json.WriteEndObject();
        body.Json.WriteEndObject();
    }

    private static void WriteMessage(BodyWriter body, EndpointSpec spec, Message message, bool echoes)
    {
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString(
            "role"u8,
            message.Role switch
            {
                MessageRole.System => "system"u8,
                MessageRole.User => "user"u8,
                MessageRole.Assistant => "assistant"u8,
                _ => "tool"u8,
            }
        );
        if (message.ToolCallId is { } id)
            json.WriteString("tool_call_id"u8, id);
        if (PastTurns.Text(message) is { } content)
            json.WriteString("content"u8, content);
        else
            json.WriteNull("content"u8);
        if (echoes && message.Reasoning is { Items: JsonMap fields } reasoning && reasoning.Endpoint == spec.Name)
        {
            body.Fields(fields);
        }

        var kept = message.Kept is { } made && made.Endpoint == spec.Name ? made.Items : Json.Null;
        body.Fields(kept["message"]);
        if (!message.ToolCalls.IsEmpty)
        {
            // Skipped if a role dropped a call: the fields would no longer match the calls.
            var ofCalls = kept["calls"].Items.Count == message.ToolCalls.Length ? kept["calls"].Items : [];
            json.WriteStartArray("tool_calls"u8);
            for (var i = 0; i < message.ToolCalls.Length; i++)
            {
                var more = i < ofCalls.Count ? ofCalls[i] : Json.Null;
                json.WriteStartObject();
                json.WriteString("id"u8, message.ToolCalls[i].Id);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                body.Call(spec, message.ToolCalls[i]);
                body.Fields(more["function"]);
                json.WriteEndObject();
                body.Fields(more["call"]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteAnswer(BodyWriter body, AnswerSchema answer)
    {
        var json = body.Json;
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        body.Schema(answer);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Which messages' reasoning goes back to the endpoint that made it.</summary>
internal static class ReasoningEchoing
{
    /// <summary>The index of the first such message.</summary>
    public static int From(EndpointSpec spec, IReadOnlyList<Message> messages)
    {
        if (spec.ReasoningEcho == ReasoningEcho.None)
            return messages.Count;
        if (spec.ReasoningEcho == ReasoningEcho.Always)
            return 0;
        var from = messages.Count;
        while (from > 0 && messages[from - 1].Role != MessageRole.User)
            from--;
        return from;
    }
}
