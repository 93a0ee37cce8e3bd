using System.Buffers;
using System.Text;
using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// The ShareGPT form: <c>from</c> is <c>human</c>, <c>gpt</c>, <c>function_call</c> or <c>observation</c>. A message that calls is the
/// call alone; words beside it have no place.
/// </summary>
internal static class ShareGptLines
{
    /// <summary>Writes <c>conversations</c> and <c>system</c> of an example into an object that the caller has begun.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<ChatMessage> messages)
    {
        var system = "";
        json.WriteStartArray("conversations"u8);
        foreach (var message in messages)
        {
            if (message.Speaker == Speaker.System)
            {
                system = message.Text ?? "";
                continue;
            }

            WriteTurn(json, message);
        }

        json.WriteEndArray();
        json.WriteString("system"u8, system);
    }

    public static void WriteTurn(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString(
            "from"u8,
            message.Speaker switch
            {
                Speaker.User => "human"u8,
                Speaker.Tool => "observation"u8,
                _ => message.Calls.Count > 0 ? "function_call"u8 : "gpt"u8,
            }
        );
        json.WriteString("value"u8, message.Calls.Count > 0 ? CallText(message.Calls[0]) : message.Text ?? "");
        json.WriteEndObject();
    }

    /// <summary>A call as the text of an object with name and arguments.</summary>
    public static string CallText(ChatCall call)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, call.Name);
            json.WritePropertyName("arguments"u8);
            MessageForm.WriteArguments(json, call.Arguments, asText: false);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
