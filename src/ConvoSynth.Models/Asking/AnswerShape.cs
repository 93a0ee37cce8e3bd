using ConvoSynth.Core;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// Checks an answer against the schema it was asked for, since not every server enforces one. Covers the strict subset.
/// </summary>
public static class AnswerShape
{
    /// <summary>The violation as a sentence that names the place; null if the shape is right.</summary>
    public static string? Problem(Json schema, Json value, string place = "the answer")
    {
        if (schema["anyOf"] is JsonList choices)
        {
            var problems = choices.Items.Select(c => Problem(c, value, place)).ToArray();
            return problems.Contains(null) ? null : problems.LastOrDefault() ?? $"{place} has no form that is allowed";
        }

        var types = schema["type"] is JsonList several ? several.Items.Select(t => t.Text).ToArray() : [schema["type"].Text];
        if (types[0] is not null && !types.Any(t => Is(t, value)))
            return $"{place} must be {string.Join(" or ", types)}";
        if (schema["enum"] is JsonList allowed && !allowed.Items.Contains(value))
            return $"{place} must be one of {allowed}";
        return value switch
        {
            JsonMap map => ProblemOfMap(schema, map, place),
            JsonList list when schema["items"] is JsonMap item => list
                .Items.Select((v, i) => Problem(item, v, $"{place}[{i}]"))
                .FirstOrDefault(p => p is not null),
            _ => null,
        };
    }

    private static string? ProblemOfMap(Json schema, JsonMap map, string place)
    {
        if (schema["properties"] is not JsonMap properties)
            return null;
        if (schema["required"].Items.FirstOrDefault(r => !map.Contains(r.Text ?? "")) is { } missing)
            return $"{place} lacks {missing}";
        foreach (var name in map.Keys)
        {
            if (properties.TryGet(name, out var property))
            {
                if (Problem(property, map[name], $"{place}.{name}") is { } problem)
                    return problem;
            }
            else if (schema["additionalProperties"].Flag == false)
            {
                return $"{place} has \"{name}\", which it must not";
            }
        }

        return null;
    }

    private static bool Is(string? type, Json value) =>
        type switch
        {
            "object" => value.Kind == JsonKind.Map,
            "array" => value.Kind == JsonKind.List,
            "string" => value.Kind == JsonKind.Text,
            "boolean" => value.Kind == JsonKind.Boolean,
            "number" => value.Kind == JsonKind.Number,
            "integer" => value.Number is { } number && Math.Floor(number).Equals(number),
            "null" => value.IsNull,
            _ => false,
        };
}
