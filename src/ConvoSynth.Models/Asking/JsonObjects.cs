using System.Text;
using System.Text.Json;

namespace ConvoSynth.Models;

/// <summary>
/// The JSON objects in a text: models that are not held to a schema put fences around theirs, sentences before it, and drafts before
/// those.
/// </summary>
internal static class JsonObjects
{
    // Each brace that begins no object costs a look at the rest of the text.
    private const int MaxTries = 200;

    /// <summary>The texts of the objects that stand outside of each other, in their order.</summary>
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
