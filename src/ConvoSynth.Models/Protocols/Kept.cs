using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Selects the fields of an answer that go back to its endpoint: all that this program does not know, such as signatures of thoughts.
/// Null fields and fields that only responses have stay out, since servers refuse them in a request.
/// </summary>
internal static class Kept
{
    /// <summary>A message's known fields: the request either writes them itself, or omits them since servers refuse them.</summary>
    public static readonly string[] OfMessage =
    [
        "role",
        "content",
        "tool_calls",
        "function_call",
        "refusal",
        "annotations",
        "audio",
        "parsed",
        "logprobs",
        "token_ids",
        "images",
        "citations",
        "executed_tools",
    ];

    public static readonly string[] OfCall =
    [
        "id",
        "type",
        "function",
        "custom",
        "index",
        "name",
        "arguments",
        "input",
        "parameters",
        "args",
    ];

    public static readonly string[] OfFunction =
    [
        "id",
        "type",
        "index",
        "name",
        "arguments",
        "input",
        "parameters",
        "args",
        "parsed_arguments",
    ];

    /// <summary>The other fields of an object, unchanged; null if there are none.</summary>
    public static JsonMap? Others(JsonElement element, params ReadOnlySpan<string[]> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        var fields = new List<KeyValuePair<string, Json>>();
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null || IsKnown(property.Name, known))
                continue;
            if (Json.TryParse(property.Value.GetRawText(), out var value, out _) && fields.All(f => f.Key != property.Name))
                fields.Add(new(property.Name, value));
        }

        return fields.Count == 0 ? null : JsonMap.Create(fields);
    }

    private static bool IsKnown(string name, ReadOnlySpan<string[]> known)
    {
        foreach (var names in known)
        {
            if (names.Contains(name, StringComparer.Ordinal))
                return true;
        }

        return false;
    }
}
