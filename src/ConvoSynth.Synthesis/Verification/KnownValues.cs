using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// What the agent can know at a message: the words of the human and of the tools so far, the system text, the policy and the tools. What it said itself is no
/// source. Answers are kept, since the values of a dialogue are said again and again.
/// </summary>
internal sealed class KnownValues
{
    /// <summary>Known from the start.</summary>
    private const int Always = -1;

    private readonly Trace _trace;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _tokens = new Dictionary<string, int>(
        StringComparer.OrdinalIgnoreCase
    ).GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly Dictionary<DateOnly, int> _days = [];

    public KnownValues(Trace trace) => _trace = trace;

    /// <summary>Whether a number or code stood by itself in something that was known before the message.</summary>
    public bool HasToken(ReadOnlySpan<char> token, int before)
    {
        if (_tokens.TryGetValue(token, out var first))
            return first < before;
        var text = token.ToString();
        first = FirstWith(t => FieldValues.ContainsToken(t, text));
        _tokens.Dictionary.Add(text, first);
        return first < before;
    }

    /// <summary>Whether the day stood, in any spelling, in something that was known before the message, or a call that went through was for it.</summary>
    public bool HasDay(DateOnly day, int before)
    {
        if (_days.TryGetValue(day, out var first))
            return first < before;
        var iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var year = _trace.Pack.Domain.Clock.Year;
        first = FirstWith(t => t.Contains(iso, StringComparison.Ordinal));
        var messages = _trace.Conversation.Messages;
        for (var i = 0; i < messages.Length && i < first; i++)
        {
            if (messages[i] is { Role: MessageRole.User, Content: { } text } && FieldValues.Dates(text, year).Contains(day))
                first = i;
        }

        // Where the agent has the day of an argument from is asked of the call.
        if (_trace.Calls.FirstOrDefault(c => c.Succeeded && c.Call.Arguments.Contains(iso, StringComparison.Ordinal)) is { } call)
            first = Math.Min(first, call.Message);
        _days.Add(day, first);
        return first < before;
    }

    private int FirstWith(Func<string, bool> has)
    {
        var messages = _trace.Conversation.Messages;
        var first = 0;
        while (
            first < messages.Length
            && !(messages[first] is { Role: MessageRole.User or MessageRole.Tool, Content: { Length: > 0 } text } && has(text))
        )
            first++;
        // The first message is before any of the agent's; what comes later may be known from the start.
        return first > 0 && KnownTexts.FromTheStart(_trace).Any(has) ? Always
            : first < messages.Length ? first
            : int.MaxValue;
    }
}
