using System.Text.Json;

namespace ConvoSynth.Export.Inspections;

/// <summary>Finds messages, calls and tools in a record, in whichever of the known forms of trainers they are.</summary>
internal static class Spoken
{
    private static readonly string[] Lists =
    [
        "messages",
        "prompt",
        "completion",
        "chosen",
        "rejected",
        "conversations",
        "input",
        "context",
    ];

    /// <summary>The lists of messages of a record, by the name of their field.</summary>
    public static IEnumerable<(string Field, JsonElement[] Messages)> Of(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var field in record.EnumerateObject())
        {
            if (field is { Name: "responses_create_params" or "response" or "input" } && field.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in Of(field.Value))
                    yield return ($"{field.Name}.{inner.Field}", inner.Messages);
            }
            else if (
                (Lists.Contains(field.Name) || field.Name == "output") && Unpacked(field.Value) is { ValueKind: JsonValueKind.Array } list
            )
            {
                JsonElement[] messages = [.. list.EnumerateArray().Select(Unpacked).Where(m => m.ValueKind == JsonValueKind.Object)];
                if (messages.Length > 0)
                    yield return (field.Name, messages);
            }
        }
    }

    /// <summary>What a trainer reads of a record: its text, or its messages and tools as JSON.</summary>
    public static IEnumerable<string> TextsOf(JsonElement record)
    {
        var lists = Of(record).ToArray();
        if (lists.Length == 0)
            return Text(record, "text") is { } text ? [text] : [];
        return lists
            .SelectMany(l => l.Messages)
            .Select(m => m.GetRawText())
            .Concat(ToolListOf(record) is { ValueKind: JsonValueKind.Array } tools ? [tools.GetRawText()] : []);
    }

    public static string RoleOf(JsonElement message) => Text(message, "role") ?? Text(message, "from") ?? Text(message, "type") ?? "?";

    /// <summary>The characters of a message's words, arguments and observation.</summary>
    public static int LengthOf(JsonElement message) =>
        (Text(message, "content") ?? Text(message, "value") ?? Text(message, "output") ?? "").Length
        + CallsOf(message).Sum(c => c.Arguments.Length);

    public static IEnumerable<(string Name, string Arguments)> CallsOf(JsonElement message)
    {
        if (message.TryGetProperty("tool_calls", out var calls) && Unpacked(calls) is { ValueKind: JsonValueKind.Array } list)
            return list.EnumerateArray().Select(Unpacked).Select(c => CallOf(c.TryGetProperty("function", out var f) ? f : c));
        if (Text(message, "type") == "function_call")
            return [CallOf(message)];
        if (RoleOf(message) is "function_call" or "tool_call")
        {
            var value = JsonOf(Text(message, "value") ?? Text(message, "content"));
            return value.ValueKind switch
            {
                JsonValueKind.Object => [CallOf(value)],
                JsonValueKind.Array => value.EnumerateArray().Select(CallOf),
                _ => [],
            };
        }

        return [];
    }

    /// <summary>Names of the tools that a record offers.</summary>
    public static IEnumerable<string> ToolsOf(JsonElement record)
    {
        return ToolListOf(record) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray()
                .Select(Unpacked)
                .Where(t => t.ValueKind == JsonValueKind.Object)
                .Select(t => Text(t, "name") ?? (t.TryGetProperty("function", out var f) ? Text(f, "name") : null))
                .OfType<string>()
            : [];
    }

    private static JsonElement ToolListOf(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
            return default;
        var tools =
            record.TryGetProperty("tools", out var own) ? own
            : record.TryGetProperty("responses_create_params", out var created) && created.TryGetProperty("tools", out own) ? own
            : record.TryGetProperty("input", out created)
            && created.ValueKind == JsonValueKind.Object
            && created.TryGetProperty("tools", out own)
                ? own
            : default;
        return Unpacked(tools);
    }

    private static (string, string) CallOf(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object
            ? (
                Text(call, "name") ?? "?",
                call.TryGetProperty("arguments", out var a)
                    ? a.ValueKind == JsonValueKind.String
                        ? a.GetString()!
                        : a.GetRawText()
                    : ""
            )
            : ("?", "");

    // Columns of one type hold JSON as text.
    private static JsonElement Unpacked(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && JsonOf(value.GetString()) is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } inner
            ? inner
            : value;

    private static JsonElement JsonOf(string? text)
    {
        if (text is not ['[' or '{', ..])
            return default;
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // Words that begin with a bracket are no JSON, and stay words.
            return default;
        }
    }

    private static string? Text(JsonElement map, string name) =>
        map.ValueKind == JsonValueKind.Object && map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
