using ConvoSynth.Core;

namespace ConvoSynth.Dialogues.Prompts;

/// <summary>
/// JSON Schemas in the strict subset that endpoints enforce: all properties are required, and additional ones are forbidden.
/// </summary>
public static class Schemas
{
    public static Json Text { get; } = Json.Map(("type", "string"));

    public static Json Object(params ReadOnlySpan<(string Name, Json Schema)> properties)
    {
        var names = new List<Json>(properties.Length);
        foreach (var (name, _) in properties)
            names.Add(name);
        return Json.Map(
            ("type", "object"),
            ("properties", Json.Map(properties)),
            ("required", Json.List(names)),
            ("additionalProperties", false)
        );
    }

    public static Json OneOf(params string[] values) => Json.Map(("type", "string"), ("enum", Json.List(values.Select(v => (Json)v))));

    /// <summary>The integers 0 and 1.</summary>
    public static Json Bit { get; } = Json.Map(("type", "integer"), ("enum", Json.List(0, 1)));
}
