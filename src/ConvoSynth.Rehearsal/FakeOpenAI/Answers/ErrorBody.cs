using System.Text.Json;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>OpenAI's error object: <c>{"error": {"message", "type", "param", "code"}}</c>.</summary>
internal static class ErrorBody
{
    public static void Write(Scratch scratch, string type, string? code, string message, string? param = null)
    {
        var json = scratch.Writer;
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, message);
        json.WriteString("type"u8, type);
        json.WriteString("param"u8, param);
        json.WriteString("code"u8, code);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }
}
