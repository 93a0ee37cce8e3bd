using System.Text.Json;

namespace ConvoSynth.Serve.Frames;

/// <summary>Reads the fields of a client's message.</summary>
/// <exception cref="MessageException">Each method throws it for a field of another form.</exception>
internal static class Fields
{
    public static JsonElement Map(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Object
            ? value
            : throw new MessageException("dict_type", place, "Input should be a valid dictionary");

    /// <summary>A field that must be there.</summary>
    public static JsonElement Required(JsonElement map, string name, string place) =>
        map.TryGetProperty(name, out var value) ? value : throw new MessageException("missing", $"{place}.{name}", "Field required");

    /// <summary>Null if the field is absent or null.</summary>
    public static string? Text(JsonElement map, string name, string place)
    {
        if (!map.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return TextOf(value, $"{place}.{name}");
    }

    public static string TextOf(JsonElement value, string place)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new MessageException("string_type", place, "Input should be a valid string");
        }
        catch (InvalidOperationException)
        {
            throw new MessageException("string_unicode", place, "Input should be valid Unicode: it holds half of a surrogate pair");
        }
    }

    /// <inheritdoc cref="Text"/>
    public static long? Number(JsonElement map, string name, string place)
    {
        if (!map.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new MessageException("int_type", $"{place}.{name}", "Input should be a valid integer");
    }

    /// <summary>Refuses fields beside these.</summary>
    public static void Only(JsonElement map, string place, params ReadOnlySpan<string> names)
    {
        foreach (var field in map.EnumerateObject())
        {
            if (!names.Contains(field.Name))
                throw new MessageException("extra_forbidden", $"{place}.{field.Name}", "Extra inputs are not permitted");
        }
    }
}
