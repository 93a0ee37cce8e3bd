using System.Text.Json;
using ConvoSynth.Serve.Frames;

namespace ConvoSynth.Serve.Mcp;

/// <summary>One request of JSON-RPC 2.0.</summary>
/// <param name="Id">A text or a number; <see cref="JsonValueKind.Null"/> for none.</param>
/// <param name="Params">An object; empty if the request has none.</param>
internal readonly record struct RpcRequest(JsonElement Id, string Method, JsonElement Params)
{
    private static readonly JsonElement Null = JsonElement.Parse("null");
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>Whether no answer is wanted.</summary>
    public bool IsNotification => Method.StartsWith("notifications/", StringComparison.Ordinal);

    /// <exception cref="MessageException">It is no such request.</exception>
    public static RpcRequest Of(JsonElement root)
    {
        Fields.Map(root, "request");
        Fields.Only(root, "request", "jsonrpc", "method", "params", "id");
        if (Fields.TextOf(Fields.Required(root, "jsonrpc", "request"), "request.jsonrpc") != "2.0")
            throw new MessageException("literal_error", "request.jsonrpc", "Input should be '2.0'");
        var id = root.TryGetProperty("id", out var given) ? given : Null;
        if (id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null))
            throw new MessageException("string_type", "request.id", "Input should be a valid string or a valid integer");
        var parameters = root.TryGetProperty("params", out var held) && held.ValueKind != JsonValueKind.Null ? held : Empty;
        return new(
            id,
            Fields.TextOf(Fields.Required(root, "method", "request"), "request.method"),
            Fields.Map(parameters, "request.params")
        );
    }

    public static void WriteAnswer(Utf8JsonWriter json, JsonElement? id, Action<Utf8JsonWriter> result)
    {
        Begin(json, id);
        json.WriteStartObject("result"u8);
        result(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter json, JsonElement? id, RpcException error)
    {
        Begin(json, id);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        if (error.Sessions is var (active, most))
        {
            json.WriteStartObject("data"u8);
            json.WriteNumber("active_sessions"u8, active);
            json.WriteNumber("max_sessions"u8, most);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, JsonElement? id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WritePropertyName("id"u8);
        if (id is { } given)
            given.WriteTo(json);
        else
            json.WriteNullValue();
    }
}
