using System.Runtime.CompilerServices;
using ConvoSynth.Core;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Converts tool schemas to the strict subset. Every object then names all its properties, requires them and allows no others; optional
/// ones become nullable. A schema without such a form stays unchanged, and its tool is not strict.
/// </summary>
public static class StrictSchema
{
    // The keywords of the subset (OpenAI, "Structured Outputs", supported schemas); the server may refuse any other.
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "anyOf",
        "description",
        "title",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
    };

    // Schemas live as long as their packs; each is converted once.
    private static readonly ConditionalWeakTable<Json, Form> Forms = [];

    /// <summary>The schema's strict form; null if it has none.</summary>
    public static Json? Of(Json schema) =>
        Forms.GetValue(schema, static s => new(s is JsonMap map && map["type"].Text == "object" ? Convert(map) : null)).Strict;

    /// <summary>
    /// The arguments in the tool's own schema: optional ones that a strict call had to send as null are removed. Other text is returned
    /// unchanged.
    /// </summary>
    public static string WithoutNulls(Json schema, string arguments) =>
        Json.TryParse(arguments, out var value, out _) && Without(schema, value) is var kept && !ReferenceEquals(kept, value)
            ? kept.ToString()
            : arguments;

    private static JsonMap? Convert(JsonMap schema)
    {
        if (schema.Keys.Any(k => !Keywords.Contains(k)))
            return null;
        var strict = schema;
        if (schema.TryGet("items", out var items))
        {
            if (items is not JsonMap inner || Convert(inner) is not { } converted)
                return null;
            strict = strict.With("items", converted);
        }

        if (schema.TryGet("anyOf", out var choices))
        {
            var converted = choices.Items.Select(c => c is JsonMap choice ? Convert(choice) : null).ToArray();
            if (converted.Length == 0 || converted.Contains(null))
                return null;
            strict = strict.With("anyOf", Json.List(converted!));
        }

        return IsObject(schema) ? ConvertObject(schema, strict) : strict;
    }

    private static JsonMap? ConvertObject(JsonMap schema, JsonMap strict)
    {
        // An object with arbitrary properties has no strict form.
        if (schema["properties"] is not JsonMap properties || (schema.TryGet("additionalProperties", out var more) && more.Flag != false))
            return null;
        var required = schema["required"].Items.Select(r => r.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var name in properties.Keys)
        {
            if (properties[name] is not JsonMap property || Convert(property) is not { } converted)
                return null;
            if (!required.Contains(name))
            {
                if (Nullable(converted) is not { } nullable)
                    return null;
                converted = nullable;
            }

            properties = properties.With(name, converted);
        }

        return strict
            .With("properties", properties)
            .With("required", Json.List(properties.Keys.Select(k => (Json)k)))
            .With("additionalProperties", false);
    }

    private static JsonMap? Nullable(JsonMap schema)
    {
        if (schema.TryGet("anyOf", out var choices))
            return AllowsNull(schema) ? schema : schema.With("anyOf", Json.List([.. choices.Items, Json.Map(("type", "null"))]));
        if (schema.Contains("const") || !schema.TryGet("type", out var type))
            return null;
        if (AllowsNull(schema))
            return schema;
        var nullable = schema.With("type", Json.List(type is JsonList types ? [.. types.Items, "null"] : [type, "null"]));
        return schema.TryGet("enum", out var values) ? nullable.With("enum", Json.List([.. values.Items, Json.Null])) : nullable;
    }

    private static bool IsObject(JsonMap schema) => schema["type"].Text == "object" || schema["type"].Items.Any(t => t.Text == "object");

    private static bool AllowsNull(Json schema) =>
        schema["type"].Text == "null" || schema["type"].Items.Any(t => t.Text == "null") || schema["anyOf"].Items.Any(AllowsNull);

    private static Json Without(Json schema, Json value)
    {
        switch (value)
        {
            case JsonMap map when schema["properties"] is JsonMap properties:
                foreach (var name in map.Keys)
                {
                    if (!properties.TryGet(name, out var property))
                        continue;
                    var isOptional = !schema["required"].Items.Any(r => r.Text == name);
                    if (map[name].IsNull && isOptional && !AllowsNull(property))
                        map = map.Without(name);
                    else if (Without(property, map[name]) is var kept && !ReferenceEquals(kept, map[name]))
                        map = map.With(name, kept);
                }

                return map;
            case JsonList list when schema["items"] is JsonMap item:
                var items = list.Items.Select(i => Without(item, i)).ToArray();
                return items.Where((kept, i) => !ReferenceEquals(kept, list.Items[i])).Any() ? Json.List(items) : list;
            default:
                return value;
        }
    }

    private sealed record Form(Json? Strict);
}
