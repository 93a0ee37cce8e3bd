using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Traces;

/// <summary>
/// Which tools a task offers when. A late tool comes with the human's first message after the agent has said that it lacks it, which is a
/// function of the messages alone, so a replay offers the same. A word too many offers the tool early and makes the task easier, never
/// unfair.
/// </summary>
public static class OfferedTools
{
    private static readonly string[] Lacks =
    [
        "no tool",
        "any tool",
        "the tool",
        "none of the tools",
        "of my tools",
        "right tool",
        "tool for",
        "tool to",
        "nothing at hand",
        "i have nothing",
        "no way to",
        "no means",
        "no function",
        "not possible",
        "isn't possible",
        "impossible",
        "unable",
        "not able",
        "not available",
        "isn't available",
        "unavailable",
        "i cannot",
        "i can't",
        "i can not",
        "cannot do",
        "can't do",
        "don't have access",
        "do not have access",
        "don't have the ability",
        "do not have the ability",
        "don't currently have",
        "do not currently have",
        "no access",
    ];

    /// <summary>The tools that the agent's next message may call.</summary>
    public static ImmutableArray<ToolDefinition> After(Pack pack, Blueprint blueprint, IReadOnlyList<Message> messages) =>
        blueprint.Twist?.LateTool is { } late && LateFrom(blueprint, messages) is null
            ? [.. pack.ToolsFor(blueprint).Where(t => t.Name != late)]
            : pack.ToolsFor(blueprint);

    /// <summary>
    /// Index of the human's message with which the late tool comes; null if it has not come, or the task has no late tool.
    /// </summary>
    public static int? LateFrom(Blueprint blueprint, IReadOnlyList<Message> messages)
    {
        if (blueprint.Twist?.LateTool is null)
            return null;
        var isLacking = false;
        for (var i = 0; i < messages.Count; i++)
        {
            if (isLacking && messages[i].Role == MessageRole.User)
                return i;
            isLacking |= messages[i] is { Role: MessageRole.Assistant, Content: { } text } && SaysLack(text);
        }

        return null;
    }

    private static bool SaysLack(string text)
    {
        var plain = text.Replace('’', '\'');
        return Lacks.Any(l => plain.Contains(l, StringComparison.OrdinalIgnoreCase));
    }
}
