using System.Globalization;
using System.Text.Json.Nodes;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Export.Templates;

/// <summary>Turns of another form as messages of a chat, with arguments as objects. Successive calls are one message.</summary>
internal static class AsChat
{
    public static JsonArray Of(IReadOnlyList<RecordedTurn> turns)
    {
        var messages = new JsonArray();
        foreach (var turn in turns)
        {
            if (turn.Calls.Count > 0 && messages is [.., JsonObject last] && (string?)last["role"] == "assistant")
                AddCalls(last, turn, messages.Count);
            else
                messages.Add((JsonNode)Message(turn, messages));
        }

        return messages;
    }

    private static JsonObject Message(RecordedTurn turn, JsonArray before)
    {
        var message = new JsonObject
        {
            ["role"] = turn.Kind switch
            {
                TurnKind.System => "system",
                TurnKind.Human => "user",
                TurnKind.Agent => "assistant",
                TurnKind.Observation => "tool",
                _ => turn.Role,
            },
            ["content"] = turn.Text ?? "",
        };
        if (turn.Kind == TurnKind.Observation)
        {
            var open = before.Count(m => (string?)m!["role"] == "tool");
            var made = before.SelectMany(m => m!["tool_calls"] as JsonArray ?? []).ElementAtOrDefault(open);
            message["tool_call_id"] = turn.Answers ?? (string?)made?["id"];
            message["name"] = (string?)made?["function"]?["name"];
        }

        AddCalls(message, turn, before.Count);
        return message;
    }

    private static void AddCalls(JsonObject message, RecordedTurn turn, int place)
    {
        foreach (var call in turn.Calls)
        {
            var calls = message["tool_calls"] as JsonArray;
            if (calls is null)
                message["tool_calls"] = calls = [];
            calls.Add(
                (JsonNode)
                    new JsonObject
                    {
                        // Nine characters, as Mistral's templates want them.
                        ["id"] = call.Id ?? string.Create(CultureInfo.InvariantCulture, $"call{place:D3}{calls.Count:D2}"),
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments?.DeepClone() },
                    }
            );
        }
    }
}
