using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Which fields of an answer go back with it: all that this program does not know, such as signatures of thoughts. Neither null fields nor fields that only responses
/// have: servers refuse them in a request.
/// </summary>
internal static class Kept
{
    /// <summary>The known fields of a message: the request writes them itself, or servers refuse them.</summary>
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

    public static readonly string[] OfCall = ["id", "type", "function", "index"];

    public static readonly string[] OfFunction = ["name", "arguments", "parsed_arguments"];

    /// <summary>The fields of an object that are none of these, as they came; null where there are none.</summary>
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
