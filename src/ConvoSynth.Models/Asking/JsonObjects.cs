using System.Text;
using System.Text.Json;

namespace ConvoSynth.Models;

/// <summary>
/// Finds the JSON objects in a text. Models without an enforced schema wrap theirs in fences and precede it with sentences and drafts.
/// </summary>
internal static class JsonObjects
{
    // Each brace that begins no object costs a scan of the rest of the text.
    private const int MaxTries = 200;

    /// <summary>The texts of the outermost objects, in order.</summary>
    public static IReadOnlyList<string> In(string text)
    {
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
                found.Add(Encoding.UTF8.GetString(bytes, at, length));
            at += Math.Max(1, length);
        }

        return found;
    }

    private static int LengthOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
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
}
