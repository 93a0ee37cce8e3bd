using System.Buffers;
using System.Text;
using System.Text.Json;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Batches;

/// <summary>The lines of input, output and error files.</summary>
internal static class BatchFile
{
    // Both providers take 200 MB; the file and its form are in memory at once.
    public const int MaxBytes = 100 << 20;

    private const string Expired = "batch_expired";

    public static byte[] Write(IEnumerable<(string Id, ReadOnlyMemory<byte> Body)> requests, string target)
    {
        var lines = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(lines);
        foreach (var (id, body) in requests)
        {
            json.Reset();
            json.WriteStartObject();
            json.WriteString("custom_id"u8, id);
            json.WriteString("method"u8, "POST"u8);
            json.WriteString("url"u8, target);
            json.WritePropertyName("body"u8);
            json.WriteRawValue(body.Span, skipInputValidation: true);
            json.WriteEndObject();
            json.Flush();
            lines.Write("\n"u8);
        }

        return lines.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads an output or error file into <paramref name="answers"/>. Requests that an expiry left over are no answers; other errors
    /// without a response are those of a server that failed.
    /// </summary>
    /// <returns>Whether every line could be read.</returns>
    public static bool Read(ReadOnlySpan<byte> file, Dictionary<string, ClientAnswer> answers)
    {
        foreach (var range in file.Split((byte)'\n'))
        {
            var line = file[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
                continue;
            using var document = ResponseJson.Parse(line, out _);
            if (document is null || TolerantText.Of(document.RootElement, "custom_id"u8) is not { } id)
                return false;
            if (AnswerOf(document.RootElement) is { } answer)
                answers[id] = answer;
        }

        return true;
    }

    private static ClientAnswer? AnswerOf(JsonElement line)
    {
        if (
            line.TryGetProperty("response"u8, out var response)
            && response.ValueKind == JsonValueKind.Object
            && response.TryGetProperty("status_code"u8, out var code)
            && code.TryGetInt32(out var status)
        )
        {
            var body = response.TryGetProperty("body"u8, out var content) ? content.GetRawText() : "{}";
            return new(status, Encoding.UTF8.GetBytes(body), null, null);
        }

        var error = line.TryGetProperty("error"u8, out var failed) ? failed : default;
        if (TolerantText.Of(error, "code"u8) == Expired)
            return null;
        var shown = error.ValueKind == JsonValueKind.Undefined ? "{}" : error.GetRawText();
        return new(500, Encoding.UTF8.GetBytes($$"""{"error":{{shown}}}"""), null, null);
    }
}
