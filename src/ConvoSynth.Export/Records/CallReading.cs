using System.Globalization;
using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Records;

/// <summary>Finds the calls of a message.</summary>
internal static class CallReading
{
    /// <exception cref="FormatException">A call has another form; the sentence names the field.</exception>
    public static IReadOnlyList<RecordedCall> Of(JsonObject message, string role, string place)
    {
        if (message["tool_calls"] is { } held && Whole(held) is JsonArray calls)
            return [.. calls.Select((c, i) => OfCall(c, string.Create(CultureInfo.InvariantCulture, $"{place}.tool_calls[{i}]")))];
        if (message["function_call"] is JsonObject older)
            return [Call(older, TurnReading.Text(message, "id"), $"{place}.function_call")];
        if (TurnReading.Text(message, "type") == "function_call")
            return [Call(message, TurnReading.Text(message, "call_id") ?? TurnReading.Text(message, "id"), place)];
        return role is "function_call" or "tool_call" ? Packed(message, place) : [];
    }

    private static JsonNode Whole(JsonNode held)
    {
        var whole = TurnReading.Unpacked(held)!;
        if (!ReferenceEquals(whole, held))
            held.ReplaceWith(whole);
        return whole;
    }

    private static RecordedCall OfCall(JsonNode? node, string place)
    {
        var call = Whole(node ?? throw new FormatException($"{place} is null")) as JsonObject;
        var id = call is null ? null : TurnReading.Text(call, "id");
        return call?["function"] is { } function && Whole(function) is JsonObject named
            ? Call(named, id, $"{place}.function")
            : Call(call ?? throw new FormatException($"{place} is no call"), id, place);
    }

    private static RecordedCall Call(JsonObject function, string? id, string place)
    {
        var field = function.ContainsKey("arguments") || !function.ContainsKey("parameters") ? "arguments" : "parameters";
        return new(
            $"{place}.{field}",
            TurnReading.Text(function, "name") ?? throw new FormatException($"{place} names no tool"),
            id,
            function[field],
            arguments => function[field] = arguments
        );
    }

    // ShareGPT and ms-swift hold calls as the text of one object or of a list.
    private static List<RecordedCall> Packed(JsonObject message, string place)
    {
        var field = message.ContainsKey("value") ? "value" : "content";
        var value = TurnReading.Unpacked(message[field])?.DeepClone();
        var calls = value switch
        {
            JsonArray list => list.Select(c => c as JsonObject),
            JsonObject single => [single],
            _ => throw new FormatException($"{place}.{field} is no call: an object with name and arguments is wanted"),
        };
        return [.. calls.Select(c => Repacked(c ?? throw new FormatException($"{place}.{field} holds null")))];

        RecordedCall Repacked(JsonObject call)
        {
            var read = Call(call, null, $"{place}.{field}") with { Place = $"{place}.{field}" };
            return read with
            {
                Replace = arguments =>
                {
                    read.Replace(arguments);
                    message[field] = value.ToJsonString(Files.JsonText.NodeOptions);
                },
            };
        }
    }
}
