using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Templates;

/// <summary>Renders a small dialogue in each form that rows have, and reads it back.</summary>
internal static class TemplateMatrix
{
    private const string Tools = """
        [{"type":"function","function":{"name":"find_order","description":"Finds an order by its number.","parameters":{"type":"object",
        "properties":{"order_id":{"type":"string","description":"Such as W17."},"days":{"type":"integer"}},"required":["order_id"]}}},
        {"type":"function","function":{"name":"list_stores","description":"Lists every store.","parameters":{"type":"object",
        "properties":{}}}}]
        """;

    private const string Arguments = """{"order_id":"W17-Ü","days":30}""";

    private static readonly string[] Contents = ["content \"\"", "content null", "no content"];

    /// <summary>The forms in the order of the report.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        "object",
        "text",
        "empty object",
        "empty text",
        "no arguments",
        "content \"\"",
        "content null",
        "no content",
        "words beside",
        "two calls",
    ];

    /// <summary>Form → <c>ok</c>, or the kinds of damage that are found.</summary>
    public static IReadOnlyDictionary<string, string> Of(ChatTemplate template)
    {
        // The argument forms are tried with the content that the template takes, so that a cell tells of one thing.
        var content = Contents.FirstOrDefault(f => Cell(template, f, null) == "ok");
        return Forms.ToDictionary(f => f, f => Cell(template, f, content), StringComparer.Ordinal);
    }

    private static string Cell(ChatTemplate template, string form, string? content)
    {
        var row = new JsonObject { ["messages"] = Messages(form, content), ["tools"] = JsonNode.Parse(Tools) };
        try
        {
            var read = TrainingRow.Of(row, parsed: false);
            var damage = TextCheck.Of(read, template.File, template.Render(read.Messages, read.Tools).Text);
            return damage.Count == 0 ? "ok" : string.Join(" ", damage.Select(d => d.Kind).Distinct(StringComparer.Ordinal));
        }
        catch (TemplateException e)
        {
            return $"{DamageKinds.Refused}: {e.Message}";
        }
    }

    private static JsonArray Messages(string form, string? content)
    {
        JsonObject[] calls =
        [
            Call(form, "callw0001"),
            .. form == "two calls" ? [Call("empty object", "callw0002")] : Array.Empty<JsonObject>(),
        ];
        var asks = new JsonObject { ["role"] = "assistant" };
        switch (form.StartsWith("content", StringComparison.Ordinal) || form == "no content" ? form : content)
        {
            case "content null":
                asks["content"] = null;
                break;
            case "no content":
                break;
            default:
                asks["content"] = "";
                break;
        }

        if (form == "words beside")
            asks["content"] = "I look for your order first.";
        asks["tool_calls"] = new JsonArray([.. calls]);
        var observations = calls.Select(c => new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = (string)c["id"]!,
            ["name"] = (string)c["function"]!["name"]!,
            ["content"] = $$"""{"seen": "{{c["function"]!["name"]}}", "sent": true}""",
        });
        return
        [
            Said("system", "You help the customers of a shop."),
            Said("user", "Where is my order with the number W17-Ü?"),
            asks,
            .. observations,
            Said("assistant", "Your order was sent within thirty days."),
        ];
    }

    private static JsonObject Call(string form, string id)
    {
        var isEmpty = form is "empty object" or "empty text" or "no arguments";
        var function = new JsonObject { ["name"] = isEmpty ? "list_stores" : "find_order" };
        if (form != "no arguments")
            function["arguments"] = form switch
            {
                "text" => Arguments,
                "empty text" => "{}",
                "empty object" => new JsonObject(),
                _ => JsonNode.Parse(Arguments),
            };
        return new()
        {
            ["id"] = id,
            ["type"] = "function",
            ["function"] = function,
        };
    }

    private static JsonObject Said(string role, string words) => new() { ["role"] = role, ["content"] = words };
}
