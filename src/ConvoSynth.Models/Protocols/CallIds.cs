using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Makes the ids of calls unique within a dialogue. Some servers restart them in each answer and some send none, while others refuse a
/// request that repeats an id. Valid ids stay.
/// </summary>
public static class CallIds
{
    /// <summary>The message with ids that are unique in it and in the earlier messages. A pure function.</summary>
    /// <param name="earlier">The dialogue before the message.</param>
    public static Message Unique(Message message, IReadOnlyList<Message> earlier)
    {
        if (AreUnique(message.ToolCalls, earlier))
            return message;
        HashSet<string> taken = [.. earlier.SelectMany(m => m.ToolCalls).Select(c => c.Id)];
        var calls = message.ToolCalls;
        for (var i = 0; i < calls.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(calls[i].Id) && taken.Add(calls[i].Id))
                continue;
            calls = calls.SetItem(i, calls[i] with { Id = Free(taken, calls.Skip(i + 1)) });
        }

        return calls == message.ToolCalls ? message : message with { ToolCalls = calls };
    }

    // The usual case, in every turn of a dialogue: it compares, and builds no set of all ids.
    private static bool AreUnique(ImmutableArray<ToolCall> calls, IReadOnlyList<Message> earlier)
    {
        for (var i = 0; i < calls.Length; i++)
        {
            var id = calls[i].Id;
            if (string.IsNullOrWhiteSpace(id) || calls[..i].Any(c => c.Id == id))
                return false;
            for (var j = 0; j < earlier.Count; j++)
            {
                foreach (var call in earlier[j].ToolCalls)
                {
                    if (call.Id == id)
                        return false;
                }
            }
        }

        return true;
    }

    // Every server accepts nine letters and digits, including servers that restrict the form of ids.
    private static string Free(HashSet<string> taken, IEnumerable<ToolCall> later)
    {
        for (var number = taken.Count + 1; ; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"call{number:D5}");
            if (later.All(c => c.Id != id) && taken.Add(id))
                return id;
        }
    }
}
