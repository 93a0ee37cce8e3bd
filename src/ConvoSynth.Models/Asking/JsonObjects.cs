using System.Buffers;
using System.Text;
using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// Finds the JSON objects in a text. Models without an enforced schema wrap theirs in fences and precede it with sentences and drafts.
/// </summary>
internal static class JsonObjects
{
    // Each brace that begins no object costs a scan of the rest of the text.
    private const int MaxTries = 200;

    // Models write trailing commas and comments.
    private static readonly JsonReaderOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The texts of the outermost objects, in order, each as strict JSON.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        // A model may encode its answer twice: the whole text is then a JSON string.
        if (text.AsSpan().Trim() is ['"', .., '"'] && Core.Json.TryParse(text, out var encoded, out _) && encoded.Text is { } inner)
            text = inner;
        var found = new List<string>();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (int at = 0, tries = 0; at < bytes.Length && tries < MaxTries; tries++)
        {
            var next = bytes.AsSpan(at).IndexOf((byte)'{');
            if (next < 0)
                break;
            at += next;
            var length = LengthOf(bytes.AsSpan(at));
            if (length > 0)
                found.Add(Strict(bytes.AsSpan(at, length)));
            at += Math.Max(1, length);
        }

        return found;
    }

    private static int LengthOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Tolerant);
        try
        {
            reader.Read();
            return reader.TrySkip() ? (int)reader.BytesConsumed : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static string Strict(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json);
        if (Core.Json.TryParse(text, out _, out _))
            return text;
        var reader = new Utf8JsonReader(json, Tolerant);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var strict = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(strict))
                document.RootElement.WriteTo(writer);
            return Encoding.UTF8.GetString(strict.WrittenSpan);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
