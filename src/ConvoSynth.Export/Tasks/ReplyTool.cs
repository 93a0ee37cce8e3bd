using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Export.Tasks;

/// <summary>
/// The simulated human as a tool. Trainers end an episode at the first message without a call, so an agent in training talks to the human
/// by a call; the call's result is what the human answers. In dialogues and rows the same turn is a message without a call.
/// </summary>
public static class ReplyTool
{
    public const string Name = "reply_to_customer";

    /// <summary>The argument that holds the agent's words.</summary>
    public const string Text = "text";

    public static ToolDefinition Definition { get; } =
        new(
            Name,
            "Say something to the customer. Returns the customer's answer.",
            Json.Map(
                ("type", "object"),
                (
                    "properties",
                    Json.Map((Text, Json.Map(("type", "string"), ("description", "What you say to the customer, word for word."))))
                ),
                ("required", Json.List(Text)),
                ("additionalProperties", false)
            )
        );
}
