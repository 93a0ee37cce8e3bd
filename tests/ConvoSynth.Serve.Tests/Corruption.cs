using System.Text.Json.Nodes;
using ConvoSynth.Core;
using ConvoSynth.Serve.Audits;

namespace ConvoSynth.Serve.Tests;

/// <summary>Damage of one kind that a test plants in a recorded dialogue in OpenAI's form.</summary>
/// <param name="Kind">The finding that must come of it.</param>
/// <param name="Plant">Changes the messages, and returns the field that must be named; null where the dialogue does not allow it.</param>
internal sealed record Corruption(string Name, string Kind, Func<JsonArray, SeededRandom, string?> Plant)
{
    public static IReadOnlyList<Corruption> All { get; } =
    [
        new("cell", AuditKinds.ObservationDiffers, Cell),
        new("swapped", AuditKinds.ObservationDiffers, Swapped),
        new("tool", AuditKinds.UnknownTool, (m, r) => At(m, r, Calls(m), c => Function(m, c)["name"] = "no_such_tool", Arguments)),
        new("schema", AuditKinds.AgainstSchema, Schema),
        new("stray", AuditKinds.ResultWithoutCall, Stray),
        new("lost", AuditKinds.CallWithoutResult, Lost),
        new(
            "success",
            AuditKinds.ErrorToldAsSuccess,
            (m, r) => At(m, r, Observations(m, IsError), o => m[o]!["content"] = """{"status": "done"}""", Content)
        ),
        new(
            "error",
            AuditKinds.SuccessToldAsError,
            (m, r) => At(m, r, Observations(m, t => !IsError(t)), o => m[o]!["content"] = "Error: not found", Content)
        ),
        new(
            "double",
            AuditKinds.DoubleEncoded,
            (m, r) =>
                At(
                    m,
                    r,
                    Calls(m),
                    c => Function(m, c)["arguments"] = JsonValue.Create((string)Function(m, c)["arguments"]!).ToJsonString(),
                    Arguments
                )
        ),
    ];

    public static int[] Calls(JsonArray messages) => [.. Places(messages, m => m["tool_calls"] is JsonArray { Count: > 0 })];

    private static int[] Observations(JsonArray messages, Func<string, bool> fits) =>
        [.. Places(messages, m => (string?)m["role"] == "tool" && fits((string)m["content"]!))];

    private static IEnumerable<int> Places(JsonArray messages, Func<JsonObject, bool> fits) =>
        Enumerable.Range(0, messages.Count).Where(i => fits(messages[i]!.AsObject()));

    private static string? At(JsonArray messages, SeededRandom random, int[] places, Action<int> change, Func<int, string> field)
    {
        if (places.Length == 0)
            return null;
        var place = places[random.Next(places.Length)];
        change(place);
        return field(place);
    }

    private static string? Cell(JsonArray messages, SeededRandom random) =>
        At(
            messages,
            random,
            Observations(messages, t => t.StartsWith('{')),
            o =>
            {
                var map = JsonNode.Parse((string)messages[o]!["content"]!)!.AsObject();
                var cell = map.Where(c => c.Value is JsonValue).Select(c => c.Key).Order(StringComparer.Ordinal).First();
                map[cell] = "something else";
                messages[o]!["content"] = map.ToJsonString();
            },
            Content
        );

    private static string? Swapped(JsonArray messages, SeededRandom random)
    {
        var places = Observations(messages, t => t.StartsWith('{'));
        var distinct = places.DistinctBy(p => (string)messages[p]!["content"]!).ToArray();
        if (distinct.Length < 2)
            return null;
        var (a, b) = (distinct[0], distinct[1 + random.Next(distinct.Length - 1)]);
        var (first, second) = ((string)messages[a]!["content"]!, (string)messages[b]!["content"]!);
        (messages[a]!["content"], messages[b]!["content"]) = (second, first);
        return Content(a);
    }

    private static string? Schema(JsonArray messages, SeededRandom random) =>
        At(
            messages,
            random,
            [.. Calls(messages).Where(c => Map(messages, c).Count > 0)],
            c =>
            {
                var map = Map(messages, c);
                var name = map.First().Key;
                if (random.Next(2) == 0)
                    map["no_such_argument"] = 1;
                else
                    map[name] = new JsonObject { ["wrong"] = true };
                Function(messages, c)["arguments"] = map.ToJsonString();
            },
            Arguments
        );

    private static string? Stray(JsonArray messages, SeededRandom random) =>
        At(
            messages,
            random,
            Observations(messages, _ => true),
            o =>
                messages.Insert(
                    o + 1,
                    new JsonObject
                    {
                        ["role"] = "tool",
                        ["tool_call_id"] = "no-such-call",
                        ["content"] = "{}",
                    }
                ),
            o => $"messages[{o + 1}]"
        );

    private static string? Lost(JsonArray messages, SeededRandom random) =>
        At(
            messages,
            random,
            [.. Observations(messages, _ => true).Where(o => o < messages.Count - 1)],
            messages.RemoveAt,
            o => Arguments(o - 1)
        );

    private static JsonObject Map(JsonArray messages, int place) =>
        JsonNode.Parse((string)Function(messages, place)["arguments"]!)!.AsObject();

    private static JsonObject Function(JsonArray messages, int place) => messages[place]!["tool_calls"]![0]!["function"]!.AsObject();

    private static string Arguments(int place) => $"messages[{place}].tool_calls[0].function.arguments";

    private static string Content(int place) => $"messages[{place}].content";

    private static bool IsError(string text) => text.StartsWith("Error", StringComparison.Ordinal);
}
