using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Spells arguments as their schema demands. A formula may give 2.0 for a count. The values are equal, but a model trained on
/// <c>2.0</c> would write floats for whole numbers.
/// </summary>
public static class ArgumentSpelling
{
    /// <summary>The arguments with whole numbers written without a decimal point; the same object if nothing changes.</summary>
    public static JsonMap Of(ToolSpec tool, JsonMap arguments)
    {
        foreach (var parameter in tool.Parameters)
        {
            if (!arguments.TryGet(parameter.Name, out var held))
                continue;
            var spelled = Of(parameter.Schema, held);
            if (!ReferenceEquals(spelled, held))
                arguments = arguments.With(parameter.Name, spelled);
        }

        return arguments;
    }

    /// <summary>The path of the first whole-number argument written with a point or an exponent; null if there is none.</summary>
    public static string? Misspelled(ToolSpec tool, JsonMap arguments)
    {
        foreach (var parameter in tool.Parameters)
        {
            if (arguments.TryGet(parameter.Name, out var held) && Misspelled(parameter.Schema, held, parameter.Name) is { } path)
                return path;
        }

        return null;
    }

    private static Json Of(Json schema, Json value)
    {
        switch (value)
        {
            case JsonNumber { IsInteger: false } number when schema["type"].Text is "integer" or "number" && IsWhole(number):
                return (long)number.Value;
            case JsonList list:
                var items = list.Items.Select(i => Of(schema["items"], i)).ToArray();
                return items.Where((item, i) => !ReferenceEquals(item, list.Items[i])).Any() ? Json.List(items) : list;
            case JsonMap map:
                var spelled = map;
                for (var i = 0; i < map.Count; i++)
                {
                    var part = Of(schema["properties"][map.Keys[i]], map.Values[i]);
                    if (!ReferenceEquals(part, map.Values[i]))
                        spelled = spelled.With(map.Keys[i], part);
                }

                return spelled;
            default:
                return value;
        }
    }

    private static string? Misspelled(Json schema, Json value, string path)
    {
        switch (value)
        {
            case JsonNumber { IsInteger: false } when schema["type"].Text == "integer":
                return path;
            case JsonList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    if (Misspelled(schema["items"], list.Items[i], $"{path}[{i}]") is { } inItem)
                        return inItem;
                }

                return null;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (Misspelled(schema["properties"][map.Keys[i]], map.Values[i], $"{path}.{map.Keys[i]}") is { } inPart)
                        return inPart;
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsWhole(JsonNumber number) =>
        Math.Abs(number.Value) <= JsonNumber.LargestExactInteger && Math.Floor(number.Value).Equals(number.Value);
}
