using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>A minimal value for a JSON Schema of the subset that tools and structured answers use.</summary>
internal static class SchemaInstance
{
    // A schema may contain itself; the strict subset allows recursion that can end.
    private const int Deepest = 16;

    public static Json Of(Json schema) => Make(schema, schema, 0);

    private static Json Make(Json schema, Json root, int depth)
    {
        if (depth > Deepest)
            return Json.Null;
        if (schema["$ref"].Text is { } reference)
            return Make(Resolve(reference, root), root, depth + 1);
        if (schema is JsonMap map && map.TryGet("const", out var constant))
            return constant;
        if (schema["enum"].Items is [var first, ..])
            return first;
        foreach (var choice in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (schema[choice].Items is [var branch, ..])
                return Make(branch, root, depth + 1);
        }

        return TypeOf(schema) switch
        {
            "object" => Object(schema, root, depth),
            "array" => Json.List(
                Enumerable
                    .Range(0, (int)Math.Clamp(schema["minItems"].Number ?? 0, 0, 1000))
                    .Select(_ => Make(schema["items"], root, depth + 1))
            ),
            "integer" => (long)Math.Ceiling(Number(schema)),
            "number" => Number(schema),
            "boolean" => false,
            "string" => Text(schema),
            _ => Json.Null,
        };
    }

    // The first type that is not null; without a type, the type that the keywords imply.
    private static string? TypeOf(Json schema)
    {
        if (schema["type"].Text is { } type)
            return type;
        if (schema["type"].Items is { Count: > 0 } types)
            return types.Select(t => t.Text).FirstOrDefault(t => t != "null") ?? "null";
        return schema["properties"].IsNull ? null : "object";
    }

    private static JsonMap Object(Json schema, Json root, int depth) =>
        JsonMap.Create(
            schema["required"]
                .Items.Select(r => r.Text)
                .OfType<string>()
                .Select(name => KeyValuePair.Create(name, Make(schema["properties"][name], root, depth + 1)))
        );

    private static double Number(Json schema)
    {
        var least = schema["minimum"].Number ?? (schema["exclusiveMinimum"].Number + 1) ?? double.NegativeInfinity;
        var most = schema["maximum"].Number ?? (schema["exclusiveMaximum"].Number - 1) ?? double.PositiveInfinity;
        return least > 0 ? least
            : most < 0 ? most
            : 0;
    }

    private static string Text(Json schema) =>
        schema["format"].Text switch
        {
            "date" => "2000-01-01",
            "date-time" => "2000-01-01T00:00:00Z",
            _ => new('x', (int)Math.Clamp(schema["minLength"].Number ?? 0, 0, 1000)),
        };

    private static Json Resolve(string reference, Json root)
    {
        var at = root;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
            at = at[part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        return at;
    }
}
