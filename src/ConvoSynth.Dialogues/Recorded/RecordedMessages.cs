using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Dialogues.Recorded;

/// <summary>
/// Parses messages in the variants of the OpenAI chat format that programs write. An absent content may be null, an empty text or a list
/// of parts; arguments may be a text or an object. A call may have its name beside its id, without an object <c>function</c>. A single
/// call may have the older form <c>function_call</c>, with its observation under the role <c>function</c>. System messages are left out.
/// </summary>
internal static class RecordedMessages
{
    public static ImmutableArray<Message> Spoken(JsonList messages, string where)
    {
        var spoken = ImmutableArray.CreateBuilder<Message>(messages.Items.Count);
        for (var i = 0; i < messages.Items.Count; i++)
        {
            if (!IsSystem(messages.Items[i]))
                spoken.Add(Message(messages.Items[i], spoken, $"{where}[{i}]"));
        }

        return spoken.ToImmutable();
    }

    /// <summary>The agent's system prompt; empty if the messages have none.</summary>
    public static string SystemOf(JsonList messages) =>
        messages.Items.FirstOrDefault(IsSystem) is { } system ? TextOf(system["content"]) : "";

    private static bool IsSystem(Json message) => message["role"].Text is "system" or "developer";

    private static Message Message(Json from, IReadOnlyList<Message> before, string where)
    {
        var role = from["role"].Text switch
        {
            "user" => MessageRole.User,
            "assistant" => MessageRole.Assistant,
            "tool" or "function" => MessageRole.Tool,
            var other => throw new FormatException($"{where}: the role {other} is none of system, user, assistant, tool"),
        };
        ImmutableArray<ToolCall> calls =
            from["function_call"] is JsonMap older && from["tool_calls"].Items.Count == 0
                ? [Call(older, from["id"].Text ?? Made(before, 0), where)]
                :
                [
                    .. from["tool_calls"]
                        .Items.Select(
                            (c, n) => Call(c["function"] is JsonMap function ? function : c, c["id"].Text ?? Made(before, n), where)
                        ),
                ];
        // An observation in the older form names the tool but no call: it belongs to the last call.
        var answered =
            role == MessageRole.Tool
                ? from["tool_call_id"].Text ?? from["id"].Text ?? before.LastOrDefault(m => !m.ToolCalls.IsEmpty)?.ToolCalls[^1].Id
                : null;
        var content = TextOf(from["content"]);
        return new()
        {
            // Some agents write an empty text beside a call; it counts as no text.
            Role = role,
            Content = content.Length > 0 || calls.IsEmpty ? content : null,
            ToolCalls = calls,
            ToolCallId = answered,
            Name =
                from["name"].Text
                ?? (answered is null ? null : before.SelectMany(m => m.ToolCalls).LastOrDefault(c => c.Id == answered)?.Name),
        };
    }

    private static ToolCall Call(Json function, string id, string where) =>
        new(
            id,
            function["name"].Text ?? throw new FormatException($"{where}: a tool call without \"function.name\""),
            function["arguments"] switch
            {
                JsonText text => text.Value,
                JsonNull => "{}",
                var value => value.ToString(),
            }
        );

    private static string Made(IReadOnlyList<Message> before, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"call-{before.Count}-{number}");

    private static string TextOf(Json content) =>
        content switch
        {
            JsonText text => text.Value,
            JsonList parts => string.Concat(parts.Items.Select(p => p.Text ?? p["text"].Text)),
            _ => "",
        };
}
