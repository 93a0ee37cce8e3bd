using System.Globalization;
using System.Text.Json;
using ConvoSynth.Serve.Frames;

namespace ConvoSynth.Serve.Grading;

/// <summary>
/// Reads one line of a file of rollouts: OpenAI chat <c>messages</c>, NeMo Gym's <c>responses_create_params</c> and <c>response</c>, or
/// OpenEnv's results (<c>messages</c> beside <c>tool_trace</c>). Each names its task as <c>task_id</c>, as <c>task</c> or its own
/// <c>task_id</c>, or as <c>index</c>.
/// </summary>
internal static class RolloutFile
{
    /// <exception cref="MessageException">The line has another form.</exception>
    public static Rollout Read(JsonElement line)
    {
        Fields.Map(line, "rollout");
        List<RolloutItem> items;
        if (line.TryGetProperty("response", out var response))
            items = [.. OfResponses(line, response)];
        else if (line.TryGetProperty("messages", out var messages))
            items = [.. OfMessages(Objects(messages, "messages")), .. OfTrace(line, messages)];
        else
            throw new MessageException("missing", "rollout.messages", "neither messages nor a response is there");
        bool? done =
            line.TryGetProperty("done", out var given) ? given.ValueKind == JsonValueKind.True
            : line.TryGetProperty("terminated", out given) ? given.ValueKind == JsonValueKind.True
            : null;
        double? reward =
            line.TryGetProperty("reward", out var earned) && earned.ValueKind == JsonValueKind.Number ? earned.GetDouble() : null;
        return new(TaskOf(line), items, done, reward);
    }

    private static string TaskOf(JsonElement line)
    {
        if (Named(line, "task_id") is { } own)
            return own;
        if (line.TryGetProperty("task", out var task))
        {
            if ((task.ValueKind == JsonValueKind.Object ? Named(task, "task_id") : TextOrNumber(task)) is { } held)
                return held;
        }

        return Named(line, "index")
            ?? throw new MessageException("missing", "rollout.task_id", "the rollout names no task: a task_id, task or index is wanted");
    }

    private static string? Named(JsonElement map, string name) => map.TryGetProperty(name, out var value) ? TextOrNumber(value) : null;

    private static string? TextOrNumber(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };

    private static IEnumerable<RolloutItem> OfResponses(JsonElement line, JsonElement response)
    {
        if (
            line.TryGetProperty("responses_create_params", out var created)
            && Fields.Map(created, "responses_create_params").TryGetProperty("input", out var input)
        )
        {
            if (input.ValueKind == JsonValueKind.String)
                yield return new(RolloutKind.Human, input.GetString()!);
            else
                foreach (var item in Objects(input, "input").SelectMany(OfItem))
                    yield return item;
        }

        foreach (var item in Objects(Fields.Required(Fields.Map(response, "response"), "output", "response"), "output").SelectMany(OfItem))
            yield return item;
    }

    private static IEnumerable<RolloutItem> OfItem(JsonElement item) =>
        (Named(item, "type") ?? "message") switch
        {
            "message" when Named(item, "role") == "user" => [new(RolloutKind.Human, Content(item))],
            "message" when Named(item, "role") == "assistant" => [new(RolloutKind.Agent, Content(item))],
            "function_call" =>
            [
                new(RolloutKind.Call, Named(item, "arguments") ?? "{}", Named(item, "call_id") ?? "", Named(item, "name") ?? ""),
            ],
            "function_call_output" => [new(RolloutKind.Output, Content(item, "output"), Named(item, "call_id") ?? "")],
            _ => [],
        };

    private static IEnumerable<RolloutItem> OfMessages(IEnumerable<JsonElement> messages)
    {
        foreach (var message in messages)
        {
            switch (Named(message, "role"))
            {
                case "user":
                    yield return new(RolloutKind.Human, Content(message));
                    break;
                case "tool":
                    yield return new(RolloutKind.Output, Content(message), Named(message, "tool_call_id") ?? "");
                    break;
                case "assistant":
                    var calls = CallsOf(message);
                    if (calls.Length == 0 || Content(message).Length > 0)
                        yield return new(RolloutKind.Agent, Content(message));
                    foreach (var call in calls)
                        yield return call;
                    break;
            }
        }
    }

    private static RolloutItem[] CallsOf(JsonElement message)
    {
        if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return [];
        return
        [
            .. Objects(calls, "tool_calls")
                .Select(call =>
                {
                    var function = call.TryGetProperty("function", out var held) ? Fields.Map(held, "function") : call;
                    var arguments =
                        !function.TryGetProperty("arguments", out var given) ? "{}"
                        : given.ValueKind == JsonValueKind.String ? given.GetString()!
                        : given.GetRawText();
                    return new RolloutItem(RolloutKind.Call, arguments, Named(call, "id") ?? "", Named(function, "name") ?? "");
                }),
        ];
    }

    // OpenEnv's harness may keep the calls in a trace, and only words in the messages.
    private static IEnumerable<RolloutItem> OfTrace(JsonElement line, JsonElement messages)
    {
        if (!line.TryGetProperty("tool_trace", out var trace) || Objects(messages, "messages").Any(m => CallsOf(m).Length > 0))
            yield break;
        var number = 0;
        foreach (var entry in Objects(trace, "tool_trace"))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"trace-{number++}");
            var arguments = entry.TryGetProperty("arguments", out var given) ? given.GetRawText() : "{}";
            yield return new(RolloutKind.Call, arguments, id, Named(entry, "tool_name") ?? "");
            if (entry.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object)
                yield return new(RolloutKind.Output, Named(result, "data") ?? Named(result, "error") ?? "", id);
        }
    }

    private static IEnumerable<JsonElement> Objects(JsonElement list, string place) =>
        list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => Fields.Map(item, place))
            : throw new MessageException("list_type", place, "Input should be a valid list");

    private static string Content(JsonElement message, string name = "content")
    {
        if (!message.TryGetProperty(name, out var content))
            return "";
        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(
                content.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.Object ? Named(p, "text") : TextOrNumber(p))
            ),
            _ => "",
        };
    }
}
