using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Ids of calls, each once in a dialogue. Some servers count them anew in each answer, some give none, and others refuse a request in which an id stands twice. Ids that are
/// fine stay as they are.
/// </summary>
public static class CallIds
{
    /// <summary>The message with ids that neither it nor an earlier message has twice. A function of its arguments.</summary>
    /// <param name="earlier">The dialogue before it.</param>
    public static Message Unique(Message message, IReadOnlyList<Message> earlier)
    {
        if (message.ToolCalls.IsEmpty)
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

    // Nine letters and digits are an id everywhere, also where ids have a form.
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
