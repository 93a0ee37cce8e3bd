using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Verification.Checks;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>Restores a row's conversation, verdicts and blueprint.</summary>
public static class RowConversation
{
    /// <summary>
    /// The conversation of a row. Its end comes from the verdict on it, since the messages lack it; a good end counts as the human's.
    /// </summary>
    public static Conversation Of(ShardRow row, ImmutableArray<ToolDefinition> tools)
    {
        var verdicts = VerdictsOf(row);
        var stop = verdicts.FirstOrDefault(v => v is { Stage: "conversation", Check: "stopped" })?.Evidence;
        var messages = row.Messages.Select(m => Message(Json.Parse(m.Span))).ToArray();
        ImmutableArray<Message> said = [.. messages.Where(m => m.Role != MessageRole.System)];
        return new()
        {
            System = messages.FirstOrDefault(m => m.Role == MessageRole.System)?.Content ?? "",
            Tools = tools,
            Messages = said,
            Meta = [.. said.Select(_ => new MessageMeta())],
            End = EndOf(verdicts),
            StopReason =
                stop is not null && stop.StartsWith(ConversationStops.Before, StringComparison.Ordinal)
                    ? stop[ConversationStops.Before.Length..]
                    : null,
        };
    }

    public static Blueprint BlueprintOf(ShardRow row) =>
        JsonSerializer.Deserialize(row.Blueprint.Span, CoreJson.Readable.Blueprint)
        ?? throw new FormatException($"the row {row.Id} has no blueprint");

    public static Verdict[] VerdictsOf(ShardRow row) =>
        [
            .. row.Verdicts.Select(v =>
                JsonSerializer.Deserialize(v.Span, CoreJson.Readable.Verdict)
                ?? throw new FormatException($"the row {row.Id} has an empty verdict")
            ),
        ];

    private static DialogueEnd EndOf(Verdict[] verdicts)
    {
        if (
            verdicts.Any(v =>
                v is { Stage: "conversation", Check: "stopped" } or { Stage: "conversation", Outcome: Outcome.Fail, Fault: Fault.Endpoint }
            )
        )
            return DialogueEnd.StoppedEarly;
        if (verdicts.Any(v => v is { Stage: "human", Check: "out-of-scope" }))
            return DialogueEnd.OutOfScope;
        return verdicts.Any(v => v is { Stage: "conversation", Check: "end", Outcome: Outcome.Pass })
            ? DialogueEnd.HumanStop
            : DialogueEnd.RecordEnd;
    }

    private static Message Message(Json from) =>
        new()
        {
            Role = from["role"].Text switch
            {
                "system" => MessageRole.System,
                "user" => MessageRole.User,
                "tool" => MessageRole.Tool,
                _ => MessageRole.Assistant,
            },
            Content = from["content"].Text,
            Reasoning = from["reasoning_content"].Text is { } thought ? new("row", Json.Null, thought) : null,
            ToolCalls =
            [
                .. from["tool_calls"]
                    .Items.Select(c => new ToolCall(
                        c["id"].Text ?? "",
                        c["function"]["name"].Text ?? "",
                        c["function"]["arguments"] is var a && a.Text is { } text ? text : a.ToString()
                    )),
            ],
            ToolCallId = from["tool_call_id"].Text,
            Name = from["name"].Text,
        };
}
