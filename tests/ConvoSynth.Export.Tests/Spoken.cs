using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

/// <summary>
/// One message as every format must keep it: who, words, calls with the digits of their arguments, and whether it is learned.
/// </summary>
internal sealed record Spoken(string Role, string Text, string Calls, bool? Learned)
{
    public static Spoken[] Of(ShardRow row) =>
        [
            .. row.Messages.Zip(
                row.MessageMeta,
                (message, meta) =>
                    Of(JsonNode.Parse(message.Span)!.AsObject()) with
                    {
                        Learned = Encoding.UTF8.GetString(meta.Span).Contains("true", StringComparison.Ordinal),
                    }
            ),
        ];

    /// <summary>A message in the OpenAI chat format, arguments as objects or as text.</summary>
    public static Spoken Of(JsonObject message) =>
        new(
            (string)message["role"]!,
            (string?)message["content"] ?? "",
            string.Concat((message["tool_calls"]?.AsArray() ?? []).Select(call => CallOf(call!["function"]!))),
            null
        );

    /// <summary>The messages of a ShareGPT row, with its system message first.</summary>
    public static Spoken[] OfShareGpt(JsonObject row) =>
        [new("system", (string)row["system"]!, "", null), .. row["conversations"]!.AsArray().Select(turn => OfTurn(turn!.AsObject()))];

    public static Spoken OfTurn(JsonObject turn)
    {
        var value = (string)turn["value"]!;
        return (string)turn["from"]! switch
        {
            "human" => new("user", value, "", null),
            "observation" => new("tool", value, "", null),
            "gpt" => new("assistant", value, "", null),
            "function_call" => new("assistant", "", CallOf(JsonNode.Parse(value)!), null),
            var other => throw new FormatException(other),
        };
    }

    /// <summary>The parts of ms-swift's messages, joined to answers.</summary>
    public static Spoken[] OfSwift(JsonObject row)
    {
        var said = new List<Spoken>();
        foreach (var part in row["messages"]!.AsArray().Select(part => part!.AsObject()))
        {
            var (role, content, loss) = ((string)part["role"]!, (string)part["content"]!, (bool?)part["loss"]);
            var answer = role is "assistant" or "tool_call";
            if (role == "tool_call" && said[^1].Role == "assistant")
                said[^1] = said[^1] with { Calls = said[^1].Calls + CallOf(JsonNode.Parse(content)!) };
            else if (role == "tool_call")
                said.Add(new("assistant", "", CallOf(JsonNode.Parse(content)!), loss));
            else
                said.Add(
                    new(
                        answer ? "assistant"
                            : role == "tool_response" ? "tool"
                            : role,
                        content,
                        "",
                        loss ?? false
                    )
                );
        }

        return [.. said];
    }

    public static string CallOf(JsonNode function)
    {
        var arguments = function["arguments"]!;
        // A text of a JSON object is the object; other text is what the model wrote.
        var text = arguments is JsonValue value && value.TryGetValue(out string? spelled) ? spelled : arguments.ToJsonString();
        return $"{function["name"]}({Normal(text)})";
    }

    private static string Normal(string text)
    {
        try
        {
            return JsonNode.Parse(text)!.ToJsonString();
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }
}
