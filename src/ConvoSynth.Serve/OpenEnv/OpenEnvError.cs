using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;

namespace ConvoSynth.Serve.OpenEnv;

/// <summary>OpenEnv's errors: <c>{"type":"error","data":{"message","code",…}}</c>.</summary>
internal static class OpenEnvError
{
    public const string InvalidJson = "INVALID_JSON";
    public const string UnknownType = "UNKNOWN_TYPE";
    public const string Validation = "VALIDATION_ERROR";
    public const string Execution = "EXECUTION_ERROR";
    public const string Capacity = "CAPACITY_REACHED";
    public const string Session = "SESSION_ERROR";

    public static Frame Of(string code, string message) => Write(code, message, null);

    public static Frame Of(Exception e) =>
        e switch
        {
            MessageException wrong => Write(Validation, "Invalid message", json => WriteErrors(json, "errors"u8, wrong)),
            CapacityException full => Write(
                Capacity,
                full.Message,
                json =>
                {
                    json.WriteNumber("active_sessions"u8, full.Active);
                    json.WriteNumber("max_sessions"u8, full.Most);
                }
            ),
            _ => Of(Execution, e.Message),
        };

    /// <summary>The list of errors that pydantic gives.</summary>
    public static void WriteErrors(Utf8JsonWriter json, ReadOnlySpan<byte> name, MessageException error)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("type"u8, error.Kind);
        json.WriteStartArray("loc"u8);
        foreach (var key in error.Place)
            json.WriteStringValue(key);
        json.WriteEndArray();
        json.WriteString("msg"u8, error.Message);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static Frame Write(string code, string message, Action<Utf8JsonWriter>? more) =>
        Frame.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteStartObject("data"u8);
            json.WriteString("message"u8, message);
            json.WriteString("code"u8, code);
            more?.Invoke(json);
            json.WriteEndObject();
            json.WriteEndObject();
        });
}
