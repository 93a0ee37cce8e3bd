using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Records;

/// <summary>
/// Finds the messages of a record. Roles and fields tell the form of each message: OpenAI's chat, its older <c>function_call</c>, the items
/// of its Responses API, ShareGPT's turns, and ms-swift's parts.
/// </summary>
public static class TurnReading
{
    /// <summary>The messages of all lists of the form, in order.</summary>
    /// <exception cref="FormatException">The record has no such list, or a list holds no messages; the sentence names it.</exception>
    public static IReadOnlyList<RecordedTurn> Of(JsonNode? record, RecordForm form)
    {
        if (record is not JsonObject root)
            throw new FormatException("the record is no object");
        var turns = new List<RecordedTurn>();
        var found = false;
        if (root["system"] is JsonValue system && system.TryGetValue(out string? policy))
            turns.Add(new(TurnKind.System, "system", "system", "system", policy, [], null, root));
        foreach (var place in form.Lists)
        {
            if (Held(root, place) is not { } list)
                continue;
            found = true;
            for (var i = 0; i < list.Count; i++)
                turns.AddRange(Turns(list[i], string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]")));
        }

        return found ? turns : throw new FormatException($"the record has none of {string.Join(", ", form.Lists)}");
    }

    private static JsonArray? Held(JsonObject root, string place)
    {
        JsonNode? at = root;
        foreach (var name in place.Split('.'))
        {
            at = (at as JsonObject)?[name];
            if (at is null)
                return null;
        }

        if (at is JsonArray list)
            return list;
        // NeMo Gym's input may be the human's first words.
        if (Unpacked(at) is JsonArray packed)
        {
            Put(root, place, packed);
            return packed;
        }

        return place.EndsWith("input", StringComparison.Ordinal) ? null : throw new FormatException($"{place} is no list of messages");
    }

    // A column of text holds the list as JSON; from here on the record has the list.
    private static void Put(JsonObject root, string place, JsonArray list)
    {
        var parts = place.Split('.');
        var holder = parts[..^1].Aggregate(root, (at, name) => at[name]!.AsObject());
        holder[parts[^1]] = list;
    }

    private static IEnumerable<RecordedTurn> Turns(JsonNode? node, string place)
    {
        var message = Unpacked(node) as JsonObject ?? throw new FormatException($"{place} is no message");
        if (!ReferenceEquals(message, node))
            node!.ReplaceWith(message);
        // tau2-bench puts the observations of parallel calls into one message.
        if (message["tool_messages"] is JsonArray several)
            return several.SelectMany((m, i) => Turns(m, string.Create(CultureInfo.InvariantCulture, $"{place}.tool_messages[{i}]")));
        return [Turn(message, place)];
    }

    private static RecordedTurn Turn(JsonObject message, string place)
    {
        var role = Text(message, "role") ?? Text(message, "from") ?? Text(message, "type") ?? "";
        var kind = role switch
        {
            "system" or "developer" => TurnKind.System,
            "user" or "human" => TurnKind.Human,
            "assistant" or "gpt" or "model" or "function_call" or "tool_call" => TurnKind.Agent,
            "tool" or "function" or "observation" or "tool_response" or "ipython" or "function_call_output" => TurnKind.Observation,
            _ => TurnKind.Unknown,
        };
        var field =
            message.ContainsKey("content") ? "content"
            : message.ContainsKey("value") ? "value"
            : message.ContainsKey("output") ? "output"
            : "content";
        var text = role is "function_call" or "tool_call" ? null : Words(message[field]);
        var answers =
            kind == TurnKind.Observation ? Text(message, "tool_call_id") ?? Text(message, "call_id") ?? Text(message, "id") : null;
        return new(kind, role, place, $"{place}.{field}", text, CallReading.Of(message, role, place), answers, message);
    }

    private static string? Words(JsonNode? content) =>
        content switch
        {
            JsonValue value when value.TryGetValue(out string? text) => text,
            JsonArray parts => string.Concat(parts.Select(p => p is JsonObject part ? Text(part, "text") : Words(p))),
            null => null,
            _ => content.ToJsonString(),
        };

    internal static string? Text(JsonObject map, string name) =>
        map[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static JsonNode? Unpacked(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue(out string? text) || text is not ['[' or '{', ..])
            return node;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // Words that begin with a bracket are no JSON, and stay words.
            return node;
        }
    }
}
