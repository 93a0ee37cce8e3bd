using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Export.Tasks;

namespace ConvoSynth.Serve.Grading;

/// <summary>A finished rollout as a file has it.</summary>
/// <param name="Task">The name of its task, or its index in digits.</param>
/// <param name="Done">
/// Whether the environment ended the episode; null if the file does not say. Then words of the human at the end count as their last.
/// </param>
/// <param name="Reward">The reward in the file; null if it has none.</param>
internal sealed record Rollout(string Task, IReadOnlyList<RolloutItem> Items, bool? Done, double? Reward)
{
    /// <summary>The messages of the dialogue: a call to the human and its output are the words that were said.</summary>
    public ImmutableArray<Message> Messages()
    {
        var messages = ImmutableArray.CreateBuilder<Message>();
        var outputs = Items.Where(i => i.Kind == RolloutKind.Output).ToLookup(i => i.CallId, i => i.Text, StringComparer.Ordinal);
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        var calls = new List<ToolCall>();
        string? beside = null;
        for (var i = 0; i < Items.Count; i++)
        {
            var item = Items[i];
            var next = i + 1 < Items.Count ? Items[i + 1].Kind : (RolloutKind?)null;
            switch (item.Kind)
            {
                case RolloutKind.Human:
                    messages.Add(Message.User(item.Text));
                    break;
                case RolloutKind.Agent when next == RolloutKind.Call:
                    beside = item.Text;
                    break;
                case RolloutKind.Agent:
                    messages.Add(Message.Assistant(item.Text));
                    break;
                case RolloutKind.Call when item.Tool == ReplyTool.Name && WordsOf(item.Text) is { } words:
                    Flush();
                    messages.Add(Message.Assistant(words));
                    if (OutputOf(item.CallId) is { } answer)
                        messages.Add(Message.User(answer));
                    break;
                case RolloutKind.Call:
                    calls.Add(new(item.CallId, item.Tool, item.Text));
                    if (next != RolloutKind.Call)
                        Flush();
                    break;
            }
        }

        return messages.ToImmutable();

        void Flush()
        {
            if (calls.Count > 0)
                messages.Add(Message.Calls([.. calls]) with { Content = string.IsNullOrEmpty(beside) ? null : beside });
            foreach (var call in calls)
            {
                if (OutputOf(call.Id) is { } text)
                    messages.Add(Message.Observation(call, text));
            }

            calls.Clear();
            beside = null;
        }

        // Some trainers number calls anew in each message, so the n-th output of an id belongs to its n-th call.
        string? OutputOf(string id)
        {
            var number = used[id] = used.GetValueOrDefault(id) + 1;
            return outputs[id].Skip(number - 1).FirstOrDefault();
        }
    }

    /// <summary>How a dialogue of these messages ended, and the messages with the mark that checks look for.</summary>
    public (ImmutableArray<Message> Messages, DialogueEnd End) Ended(ImmutableArray<Message> messages, bool isHandedOver)
    {
        if (isHandedOver)
            return (messages, DialogueEnd.Transfer);
        if (messages is not [.., { Role: MessageRole.User } last])
            return (messages, DialogueEnd.Limit);
        if (ClosingMark.Of(last.Content ?? "") is { End: { } end } mark)
            return (messages.SetItem(messages.Length - 1, Message.User(mark.Text)), end);
        return Done == false
            ? (messages, DialogueEnd.Limit)
            : (messages.SetItem(messages.Length - 1, Message.User($"{last.Content} {StopMarks.Stop}".Trim())), DialogueEnd.HumanStop);
    }

    private static string? WordsOf(string arguments) => Json.TryParse(arguments, out var value, out _) ? value[ReplyTool.Text].Text : null;
}
