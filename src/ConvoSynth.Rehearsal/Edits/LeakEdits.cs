using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>Adds leaks of a model's server to a text: a mark of the template, a call as text, or a turn of another speaker.</summary>
internal sealed class LeakEdits(Pack pack, Conversation clean, SeededRandom random)
{
    private static readonly string[] Marks =
    [
        "<|im_end|>",
        "<|eot_id|>",
        "<end_of_turn>",
        "</s>",
        " [/INST]",
        "<|start_header_id|>assistant<|end_header_id|>",
        "<｜end▁of▁sentence｜>",
    ];

    private static readonly string[] Turns =
    [
        "\nUser: Yes, please go on.",
        "\n\nHuman: That's all, thank you.",
        "\nCustomer: Can you check it again?",
        "\nAssistant: I have done that for you.",
        "\nAgent: Of course, let me look that up.",
    ];

    /// <summary>
    /// Adds a leak to a random message of the human or the agent. The last message is left out: its words end the dialogue.
    /// </summary>
    public Conversation? Leaked()
    {
        var messages = clean.Messages;
        int[] spoken =
        [
            .. Enumerable
                .Range(0, Math.Max(0, messages.Length - 1))
                .Where(i =>
                    messages[i] is { Role: MessageRole.User or MessageRole.Assistant, ToolCalls.IsEmpty: true, Content.Length: > 0 }
                ),
        ];
        if (spoken.Length == 0)
            return null;
        var at = random.Pick(spoken);
        var leak = random.Next(3) switch
        {
            0 => random.Pick(Marks),
            1 => Call(),
            _ => random.Pick(Turns),
        };
        var draft = new Draft(clean);
        draft.Replace(at, messages[at] with { Content = messages[at].Content + leak });
        return draft.Finish();
    }

    private string Call()
    {
        var calls = clean.Messages.SelectMany(m => m.ToolCalls).Select(c => (c.Name, c.Arguments)).ToArray();
        var (name, arguments) = calls.Length > 0 ? random.Pick(calls) : (pack.Tools.All[0].Name, "{}");
        return random.Next(4) switch
        {
            0 => $"\n<tool_call>\n{{\"name\": \"{name}\", \"arguments\": {arguments}}}\n</tool_call>",
            1 => $"\n{{\"name\": \"{name}\", \"parameters\": {arguments}}}",
            2 => $"[TOOL_CALLS][{{\"name\": \"{name}\", \"arguments\": {arguments}}}]",
            _ => $"\nAction: {name}\nAction Input: {arguments}",
        };
    }
}
