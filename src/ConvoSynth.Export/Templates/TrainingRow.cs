using System.Text.Json;
using System.Text.Json.Nodes;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Export.Templates;

/// <summary>A tool on offer, as far as a text must show it.</summary>
internal sealed record OfferedTool(string Place, string Name, string? Description, IReadOnlyList<string> Parameters);

/// <summary>A row as a trainer hands it to a template, and what must be in the text then.</summary>
/// <param name="Messages">As the row has them. Turns of ShareGPT, ms-swift and NeMo Gym become chat messages.</param>
/// <param name="Tools">As the row has them, parsed if they are a text; null if the row has none.</param>
/// <param name="Turns">The same messages, read.</param>
internal sealed record TrainingRow(
    JsonArray Messages,
    JsonNode? Tools,
    IReadOnlyList<RecordedTurn> Turns,
    IReadOnlyList<OfferedTool> Offered
)
{
    private static readonly string[] Parts = ["tool_call", "tool_response"];
    private static readonly RecordForm Chat = RecordForm.Named("trl")!;

    /// <param name="parsed">Whether the trainer parses arguments that are texts, and drops nulls, before it renders.</param>
    /// <exception cref="FormatException">The record has no messages.</exception>
    public static TrainingRow Of(JsonNode? record, bool parsed)
    {
        var row = record as JsonObject ?? throw new FormatException("the record is no object");
        if (row["input"] is JsonObject input && row["preferred_output"] is { } preferred)
            row = new()
            {
                ["prompt"] = input["messages"]?.DeepClone(),
                ["completion"] = preferred.DeepClone(),
                ["tools"] = input["tools"]?.DeepClone(),
            };
        if (row["chosen"] is { } chosen)
            row = new()
            {
                ["prompt"] = row["prompt"]?.DeepClone(),
                ["completion"] = chosen.DeepClone(),
                ["tools"] = row["tools"]?.DeepClone(),
            };
        var (messages, turns) = MessagesOf(row);
        if (parsed)
            Parse(messages);
        var tools = ToolsOf(row);
        return new(messages, tools, turns, [.. Offers(tools)]);
    }

    private static (JsonArray, IReadOnlyList<RecordedTurn>) MessagesOf(JsonObject row)
    {
        var list =
            row["messages"] is { } whole ? List(whole)
            : row["prompt"] is { } prompt && row["completion"] is { } completion
                ? new([.. List(prompt).Concat(List(completion)).Select(m => m!.DeepClone())])
            : null;
        // The reading unpacks lists that are texts. A template gets them as they are.
        if (list is not null && !list.Any(m => m is JsonObject map && Parts.Contains((string?)map["role"])))
            return (list, TurnReading.Of(new JsonObject { ["messages"] = list.DeepClone() }, Chat));
        var form =
            list is not null ? Chat
            : row["responses_create_params"] is not null ? RecordForm.Named("nemo-gym")!
            : RecordForm.Named("apigen-mt")!;
        var turns = TurnReading.Of(list is not null ? new JsonObject { ["messages"] = list.DeepClone() } : row.DeepClone(), form);
        var chat = AsChat.Of(turns);
        return (chat, turns);
    }

    private static JsonArray List(JsonNode node) =>
        TurnReading.Unpacked(node) as JsonArray ?? throw new FormatException("the messages are no list");

    private static JsonNode? ToolsOf(JsonObject row)
    {
        var held = row["tools"] ?? (row["responses_create_params"] as JsonObject)?["tools"];
        var tools = held is JsonValue text && text.TryGetValue(out string? json) ? Parsed(json) : held;
        // ShareGPT and NeMo Gym write the functions bare.
        if (tools is JsonArray list && (row["conversations"] is not null || row["responses_create_params"] is not null))
            return new JsonArray([
                .. list.Select(t =>
                    t?["function"] is null ? new JsonObject { ["type"] = "function", ["function"] = t?.DeepClone() } : t.DeepClone()
                ),
            ]);
        return tools;
    }

    private static JsonNode? Parsed(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw new FormatException("the tools are a text that is no JSON", e);
        }
    }

    private static IEnumerable<OfferedTool> Offers(JsonNode? tools)
    {
        if (tools is not JsonArray list)
            yield break;
        for (var i = 0; i < list.Count; i++)
        {
            var function = TurnReading.Unpacked(list[i]) is not JsonObject tool
                ? null
                : TurnReading.Unpacked(tool["function"]) as JsonObject ?? tool;
            if (function?["name"] is not { } name)
                throw new FormatException($"tools[{i}] names no tool");
            var properties = (TurnReading.Unpacked(function["parameters"]) as JsonObject)?["properties"] as JsonObject;
            yield return new($"tools[{i}]", name.ToString(), (string?)function["description"], [.. (properties ?? []).Select(p => p.Key)]);
        }
    }

    private static void Parse(JsonArray messages)
    {
        foreach (var message in messages.OfType<JsonObject>())
        {
            foreach (var name in message.Where(f => f.Value is null).Select(f => f.Key).ToArray())
                message.Remove(name);
            foreach (var call in (message["tool_calls"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (call["function"] is JsonObject function && TurnReading.Unpacked(function["arguments"]) is JsonObject map)
                    function["arguments"] = map.Parent is null ? map : map.DeepClone();
            }
        }
    }
}
