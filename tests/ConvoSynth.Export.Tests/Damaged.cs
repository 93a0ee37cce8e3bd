using System.Text.Json.Nodes;
using ConvoSynth.Export.Templates;

namespace ConvoSynth.Export.Tests;

/// <summary>Good rows of training data, and kinds of damage that a test plants in them.</summary>
/// <param name="Kinds">The findings of which one must come of it.</param>
/// <param name="Form">The form of the matrix that a template may take without damage; null if none does.</param>
internal sealed record Damaged(string Name, string[] Kinds, string? Form, Action<JsonObject> Plant)
{
    private const string Tools = """
        [{"type":"function","function":{"name":"find_order","description":"Finds an order.","parameters":{"type":"object",
          "properties":{"order_id":{"type":"string"},"days":{"type":"integer"},"filters":{"type":"object"}},"required":["order_id"]}}},
         {"type":"function","function":{"name":"list_stores","description":"Lists every store.",
          "parameters":{"type":"object","properties":{}}}}]
        """;

    public static IReadOnlyList<Damaged> All { get; } =
    [
        new(
            "arguments as text",
            [DamageKinds.ArgumentsTwice, DamageKinds.Refused],
            "text",
            r => Function(r)["arguments"] = Function(r)["arguments"]!.ToJsonString()
        ),
        new(
            "arguments encoded twice",
            [DamageKinds.ArgumentsTwice, DamageKinds.Refused, DamageKinds.ArgumentsLost],
            null,
            r => Function(r)["arguments"] = JsonValue.Create(Function(r)["arguments"]!.ToJsonString()).ToJsonString()
        ),
        new("tools dropped", [DamageKinds.ToolUnknown], null, r => r.Remove("tools")),
        new("a tool dropped", [DamageKinds.ToolUnknown], null, r => r["tools"]!.AsArray().RemoveAt(0)),
        new("content null", [DamageKinds.NonePrinted, DamageKinds.Refused], "content null", r => Message(r, 2)["content"] = null),
        new("no content", [DamageKinds.NonePrinted, DamageKinds.Refused], "no content", r => Message(r, 2).Remove("content")),
        new("mask on the human", [DamageKinds.MaskElsewhere], null, r => (Message(r, 1)["weight"], Message(r, 2)["weight"]) = (1, 0)),
        new("all masked", [DamageKinds.MaskElsewhere], null, r => (Message(r, 2)["weight"], Message(r, 4)["weight"]) = (0, 0)),
        new("observation empty", [DamageKinds.ObservationLost], null, r => Message(r, 3)["content"] = ""),
        new("observation removed", [DamageKinds.ObservationLost], null, r => r["messages"]!.AsArray().RemoveAt(3)),
        new("observation alone", [DamageKinds.NoCall], null, r => r["messages"]!.AsArray().Insert(2, Message(r, 3).DeepClone())),
        new("role of ShareGPT", [DamageKinds.RoleUnknown, DamageKinds.Refused], null, r => Message(r, 1)["role"] = "human"),
        new("argument filled by Arrow", [DamageKinds.ArgumentUnknown], null, r => Function(r)["arguments"]!["store_id"] = null),
        new("no messages", [DamageKinds.NoRow], null, r => r.Remove("messages")),
    ];

    /// <summary>Rows that templates take: words in several scripts, quotes, nested and empty arguments.</summary>
    public static IEnumerable<JsonObject> Good() =>
        [
            Row("W17", """{"order_id":"W17","days":30}""", """{"found": true}"""),
            Row("«Ü»", """{"order_id":"Ü \"quoted\" \\ path\nline","days":0}""", "Error: there is no such order"),
            Row("all", """{"order_id":"W18","filters":{"open":true,"tags":["a","b"],"limit":2.5}}""", """["W18", "W19"]"""),
            Row("stores", "{}", "Two stores: North & South.", "list_stores"),
        ];

    private static JsonObject Row(string said, string arguments, string observation, string tool = "find_order") =>
        new()
        {
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "system", ["content"] = "You serve the customers of a shop." },
                new JsonObject { ["role"] = "user", ["content"] = $"Please look at this for me: {said}" },
                new JsonObject
                {
                    ["role"] = "assistant",
                    ["content"] = "",
                    ["tool_calls"] = new JsonArray(
                        new JsonObject
                        {
                            ["id"] = "callw0001",
                            ["type"] = "function",
                            ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) },
                        }
                    ),
                },
                new JsonObject
                {
                    ["role"] = "tool",
                    ["tool_call_id"] = "callw0001",
                    ["name"] = tool,
                    ["content"] = observation,
                },
                new JsonObject { ["role"] = "assistant", ["content"] = "That is all that there is to know." }
            ),
            ["tools"] = JsonNode.Parse(Tools),
        };

    private static JsonObject Message(JsonObject row, int place) => row["messages"]![place]!.AsObject();

    private static JsonObject Function(JsonObject row) => Message(row, 2)["tool_calls"]![0]!["function"]!.AsObject();
}
