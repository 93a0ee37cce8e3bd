using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// The closed list of JSON Schema keywords that <see cref="SchemaCheck"/> checks. Any other keyword would promise the model a limit
/// that no check enforces, so it is refused, never skipped.
/// </summary>
internal static class SchemaKeywords
{
    private const string Checked = "type, enum, minimum, maximum, items, properties, required, additionalProperties and description";

    /// <summary>The first keyword of a schema, nested schemas excluded, that is not checked as written; null if all are.</summary>
    public static string? Unchecked(Json schema)
    {
        if (schema is not JsonMap map)
            return $"{schema} is no schema that is checked: write an object of keywords, {{}} for any value";
        for (var i = 0; i < map.Count; i++)
        {
            if (Unchecked(map.Keys[i], map.Values[i]) is { } reason)
                return reason;
        }

        return null;
    }

    /// <summary>Every such keyword of a schema and its nested schemas, each with its path (<c>properties.weeks</c>).</summary>
    public static IEnumerable<string> AllUnchecked(Json schema, string path = "")
    {
        if (Unchecked(schema) is { } reason)
            yield return path.Length == 0 ? reason : $"{path}: {reason}";
        foreach (var (name, inner) in Inside(schema))
        {
            foreach (var each in AllUnchecked(inner, path.Length == 0 ? name : $"{path}.{name}"))
                yield return each;
        }
    }

    private static IEnumerable<(string Name, Json Schema)> Inside(Json schema)
    {
        if (schema["items"] is JsonMap items)
            yield return ("items", items);
        if (schema["properties"] is not JsonMap properties)
            yield break;
        for (var i = 0; i < properties.Count; i++)
            yield return ($"properties.{properties.Keys[i]}", properties.Values[i]);
    }

    private static string? Unchecked(string keyword, Json value) =>
        keyword switch
        {
            "description" => null,
            "type" => value.Text is "string" or "boolean" or "integer" or "number" or "array" or "object" or "null"
                ? null
                : Other(keyword, value, "the name of one JSON type"),
            "enum" => value is JsonList ? null : Other(keyword, value, "a list of values"),
            "minimum" or "maximum" => value is JsonNumber ? null : Other(keyword, value, "a number"),
            "items" => value is JsonMap ? null : Other(keyword, value, "one schema for every item"),
            "properties" => value is JsonMap ? null : Other(keyword, value, "an object of schemas"),
            "required" => value is JsonList names && names.Items.All(n => n.Text is not null)
                ? null
                : Other(keyword, value, "a list of names"),
            "additionalProperties" => value.Flag is not null ? null : Other(keyword, value, "true or false"),
            _ => $"the JSON Schema keyword {keyword} is not checked: "
                + $"take it out and let the tool throw a ToolError, or say it with {Checked}",
        };

    private static string Other(string keyword, Json value, string form) =>
        $"the JSON Schema keyword {keyword} is checked only as {form}, and here it is {value}: write it so, or take it out";
}
