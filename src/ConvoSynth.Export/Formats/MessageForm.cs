using System.Text.Json;
using ConvoSynth.Export.Examples;

namespace ConvoSynth.Export.Formats;

/// <summary>How a trainer wants messages of the OpenAI chat format.</summary>
/// <param name="ArgumentsAsText">Whether the arguments of a call are a JSON text, as in OpenAI's API, or an object.</param>
internal sealed record MessageForm(bool ArgumentsAsText)
{
    /// <summary>What stands as the content of a message that only calls: an empty text, or no field.</summary>
    public bool EmptyContent { get; init; }

    /// <summary>Whether observations name their tool.</summary>
    public bool ToolNames { get; init; } = true;

    public bool Reasoning { get; init; }

    /// <summary>Writes the fields of a message into an object that the caller has begun, and leaves it open.</summary>
    public void WriteFields(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteString("role"u8, RoleOf(message.Speaker));
        if (message.CallId is { } callId)
            json.WriteString("tool_call_id"u8, callId);
        if (ToolNames && message.Name is { } name)
            json.WriteString("name"u8, name);
        if (Reasoning && message.Reasoning is { } reasoning)
            json.WriteString("reasoning_content"u8, reasoning);
        if (message.Text is { } text && (text.Length > 0 || message.Calls.Count == 0))
            json.WriteString("content"u8, text);
        else if (EmptyContent)
            json.WriteString("content"u8, "");
        if (message.Calls.Count > 0)
            WriteCalls(json, message.Calls);
    }

    public void Write(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        WriteFields(json, message);
        json.WriteEndObject();
    }

    public void WriteList(Utf8JsonWriter json, IEnumerable<ChatMessage> messages)
    {
        json.WriteStartArray();
        foreach (var message in messages)
            Write(json, message);
        json.WriteEndArray();
    }

    private void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ChatCall> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WritePropertyName("arguments"u8);
            WriteArguments(json, call.Arguments, ArgumentsAsText);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes arguments as the model wrote them: a number beyond 2^53 keeps its digits.</summary>
    public static void WriteArguments(Utf8JsonWriter json, JsonElement arguments, bool asText)
    {
        if (arguments.ValueKind == JsonValueKind.String)
            json.WriteStringValue(arguments.GetString());
        else if (asText)
            json.WriteStringValue(arguments.GetRawText());
        else
            WriteOnOneLine(json, arguments);
    }

    /// <summary>Writes a value with its digits and escapes, and without its line breaks: a record of JSON lines is one line.</summary>
    public static void WriteOnOneLine(Utf8JsonWriter json, JsonElement value)
    {
        var text = value.GetRawText();
        if (text.AsSpan().ContainsAny('\n', '\r'))
            value.WriteTo(json);
        else
            json.WriteRawValue(text, skipInputValidation: true);
    }

    private static ReadOnlySpan<byte> RoleOf(Speaker speaker) =>
        speaker switch
        {
            Speaker.System => "system"u8,
            Speaker.User => "user"u8,
            Speaker.Assistant => "assistant"u8,
            _ => "tool"u8,
        };
}
