using ConvoSynth.Core;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Draws values that a schema allows.</summary>
internal static class ArgumentDraw
{
    private const int DefaultSpan = 5;

    public static Json Any(Json schema, SeededRandom random)
    {
        if (schema["enum"] is JsonList values)
            return random.Pick(values.Items);
        return schema["type"].Text switch
        {
            "integer" or "number" => Whole(schema, random),
            "boolean" => random.Chance(0.5),
            "array" => Json.List(Any(schema["items"], random)),
            _ => Json.Null,
        };
    }

    /// <summary>Another value that the schema allows; null if the schema yields none.</summary>
    public static Json? Other(Json schema, Json value)
    {
        if (schema["enum"] is JsonList values)
            return values.Items.FirstOrDefault(v => v != value);
        if (value is JsonBoolean flag)
            return !flag.Value;
        if (value is not JsonNumber number || schema["type"].Text != "integer")
            return null;
        var from = (long)(schema["minimum"].Number ?? 0);
        var to = (long)(schema["maximum"].Number ?? number.Value + 1);
        return number.Value < to ? (long)number.Value + 1
            : number.Value > from ? (long)number.Value - 1
            : null;
    }

    private static Json Whole(Json schema, SeededRandom random)
    {
        var from = (int)(schema["minimum"].Number ?? 1);
        return random.Between(from, (int)(schema["maximum"].Number ?? from + DefaultSpan - 1));
    }
}
