using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Checks a value against a JSON Schema, for the subset that tools use: type, enum, minimum, maximum, items, properties, required,
/// additionalProperties. An empty schema accepts everything. A keyword outside the subset is an error, because it would go unchecked.
/// </summary>
public static class SchemaCheck
{
    /// <summary>The first misfit with its path (<c>item_ids[1]: 5 is no string</c>); null if the value fits.</summary>
    /// <exception cref="NotSupportedException">The schema has an unsupported keyword.</exception>
    public static string? Fault(Json schema, Json value)
    {
        if (Find(schema, value) is not { } fault)
            return null;
        return fault.Path.Length == 0 ? fault.Reason : $"{fault.Path}: {fault.Reason}";
    }

    private static (string Path, string Reason)? Find(Json schema, Json value)
    {
        if (SchemaKeywords.Unchecked(schema) is { } reason)
            throw new NotSupportedException(reason);
        if (schema["type"].Text is { } type && !IsOf(type, value))
            return ("", $"{value} is no {type}");
        if (schema["enum"] is JsonList allowed && !allowed.Span.Contains(value))
            return ("", $"{value} is none of {string.Join(", ", allowed.Items.Select(i => i.ToString()))}");
        return value switch
        {
            JsonNumber number => OutOfRange(schema, number),
            JsonList list => InItems(schema["items"], list),
            JsonMap map => InProperties(schema, map),
            _ => null,
        };
    }

    private static bool IsOf(string type, Json value) =>
        type switch
        {
            "string" => value is JsonText,
            "boolean" => value is JsonBoolean,
            "integer" => value is JsonNumber number && Math.Floor(number.Value).Equals(number.Value),
            "number" => value is JsonNumber,
            "array" => value is JsonList,
            "object" => value is JsonMap,
            _ => value.IsNull,
        };

    private static (string Path, string Reason)? OutOfRange(Json schema, JsonNumber number)
    {
        if (schema["minimum"].Number is { } minimum && number.Value < minimum)
            return ("", $"{number} is below {schema["minimum"]}");
        return schema["maximum"].Number is { } maximum && number.Value > maximum ? ("", $"{number} is above {schema["maximum"]}") : null;
    }

    private static (string Path, string Reason)? InItems(Json items, JsonList list)
    {
        if (items.IsNull)
            return null;
        for (var i = 0; i < list.Span.Length; i++)
        {
            if (Find(items, list.Span[i]) is { } fault)
                return (Joined($"[{i}]", fault.Path), fault.Reason);
        }

        return null;
    }

    private static (string Path, string Reason)? InProperties(Json schema, JsonMap map)
    {
        if (schema["required"] is JsonList required)
        {
            foreach (var name in required.Span)
            {
                if (!map.Contains(name.Text!))
                    return (name.Text!, "is missing");
            }
        }

        var properties = schema["properties"] as JsonMap;
        var closed = schema["additionalProperties"].Flag == false;
        for (var i = 0; i < map.Count; i++)
        {
            if (properties is not null && properties.TryGet(map.Keys[i], out var property))
            {
                if (Find(property, map.Values[i]) is { } fault)
                    return (Joined(map.Keys[i], fault.Path), fault.Reason);
            }
            else if (closed)
            {
                return (map.Keys[i], "is no argument of this tool");
            }
        }

        return null;
    }

    private static string Joined(string head, string tail) => tail.Length == 0 || tail[0] == '[' ? head + tail : $"{head}.{tail}";
}
