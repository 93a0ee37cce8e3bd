using System.Text;
using System.Text.Json;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Batches;

/// <summary>Reads a batch's file and says what is wrong with it, as providers do before a batch begins.</summary>
internal static class BatchLines
{
    /// <returns>The lines, or the code of the first mistake and its line.</returns>
    public static (List<BatchLine> Lines, (string Code, int? Line)? Error) Read(ReadOnlySpan<byte> file, string endpoint, string? model)
    {
        var lines = new List<BatchLine>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in file.Split((byte)'\n'))
        {
            var text = file[range];
            if (text.IsEmpty)
                continue;
            var number = lines.Count + 1;
            try
            {
                using var document = JsonDocument.Parse(text.ToArray());
                var root = document.RootElement;
                var id = root.GetProperty("custom_id"u8).GetString() ?? "";
                if (root.GetProperty("method"u8).GetString() != "POST" || root.GetProperty("url"u8).GetString() != endpoint)
                    return ([], ("invalid_url", number));
                if (!ids.Add(id))
                    return ([], ("duplicate_custom_id", number));
                var body = Encoding.UTF8.GetBytes(root.GetProperty("body"u8).GetRawText());
                if (model is not null && root.GetProperty("body"u8).GetProperty("model"u8).GetString() != model)
                    return ([], ("model_not_found", number));
                lines.Add(new(id, body, RequestFacts.Tokens(body.Length)));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return ([], ("invalid_json_line", number));
            }
        }

        return lines.Count == 0 ? ([], ("empty_file", null)) : (lines, null);
    }
}
