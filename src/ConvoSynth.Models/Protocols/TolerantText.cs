using System.Text;
using System.Text.Json;

namespace ConvoSynth.Models;

/// <summary>Texts of a response as strings, where a model may have written half of a surrogate pair, which the JSON reader refuses.</summary>
internal static class TolerantText
{
    /// <summary>The text; null where the element is none. Half a pair becomes U+FFFD.</summary>
    public static string? Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescaped(element.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>The text of a property; null where there is none.</summary>
    public static string? Of(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? Of(value) : null;

    private static string Unescaped(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier));
                i += 4;
                continue;
            }

            text.Append(
                raw[i] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\b',
                    'f' => '\f',
                    var c => c,
                }
            );
        }

        // Encoding and decoding puts U+FFFD for each half that has no other.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
