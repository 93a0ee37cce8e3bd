using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConvoSynth.Export.Files;

namespace ConvoSynth.Export.Templates;

/// <summary>The forms in which templates write a text or a value, and where they stand in a rendered text.</summary>
internal static class WrittenForms
{
    private static readonly JsonSerializerOptions Ascii = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>The first place of a text from <paramref name="from"/> on, trimmed: as it is, or inside JSON.</summary>
    public static TextSpan? Find(string rendered, string text, int from)
    {
        foreach (var form in Forms(text.Trim()))
        {
            var at = rendered.IndexOf(form, from, StringComparison.Ordinal);
            if (at >= 0)
                return new(at, at + form.Length);
        }

        return null;
    }

    /// <summary>How a template may write an argument's value.</summary>
    public static IEnumerable<string> OfValue(JsonNode? value) =>
        value switch
        {
            null => ["null", "None"],
            JsonValue text when text.TryGetValue(out string? words) => Forms(words)
                .Concat(Forms(words.Trim()))
                .Distinct(StringComparer.Ordinal),
            JsonValue flag when flag.TryGetValue(out bool yes) => yes ? ["true", "True"] : ["false", "False"],
            JsonValue number => Numbers(number),
            _ => [value.ToJsonString(JsonText.NodeOptions), Spaced(value), Spaced(value, Ascii)],
        };

    // Inside a document in a text, JSON is escaped once.
    private static IEnumerable<string> Forms(string text)
    {
        yield return text;
        var inner = JsonSerializer.Serialize(text, JsonText.NodeOptions)[1..^1];
        if (inner != text)
            yield return inner;
        if (JsonSerializer.Serialize(text, Ascii)[1..^1] is var ascii && ascii != inner)
            yield return ascii;
    }

    private static IEnumerable<string> Numbers(JsonValue number)
    {
        yield return number.ToJsonString();
        yield return double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    // As Python's json.dumps spaces it.
    private static string Spaced(JsonNode? node, JsonSerializerOptions? options = null) =>
        node switch
        {
            JsonObject map => "{"
                + string.Join(
                    ", ",
                    map.Select(f => $"{JsonSerializer.Serialize(f.Key, options ?? JsonText.NodeOptions)}: {Spaced(f.Value, options)}")
                )
                + "}",
            JsonArray list => "[" + string.Join(", ", list.Select(i => Spaced(i, options))) + "]",
            null => "null",
            _ => node.ToJsonString(options ?? JsonText.NodeOptions),
        };
}
