using System.Globalization;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// The agent's knowledge at a message: earlier texts of the human and the tools, the system prompt, the policy and the tool definitions.
/// Its own texts are no source. Lookups are cached, since a dialogue repeats its values often.
/// </summary>
internal sealed class KnownValues
{
    /// <summary>The index of values that are known before the first message.</summary>
    private const int Always = -1;

    private readonly Trace _trace;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _tokens = new Dictionary<string, int>(
        StringComparer.OrdinalIgnoreCase
    ).GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly Dictionary<DateOnly, int> _days = [];

    public KnownValues(Trace trace) => _trace = trace;

    /// <summary>Whether a number or code occurs as a token in a source before the message.</summary>
    public bool HasToken(ReadOnlySpan<char> token, int before)
    {
        if (_tokens.TryGetValue(token, out var first))
            return first < before;
        var text = token.ToString();
        first = FirstWith(t => FieldValues.ContainsToken(t, text));
        _tokens.Dictionary.Add(text, first);
        return first < before;
    }

    /// <summary>
    /// Whether the day occurs, in any spelling, in a source before the message, or in an argument of an earlier successful call.
    /// </summary>
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

        // Where an argument's day comes from is checked at the call (grounding), so here a successful call counts as a source.
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
        // A value in the first message precedes all messages of the agent. A later value may also be known from the start.
        return first > 0 && KnownTexts.FromTheStart(_trace).Any(has) ? Always
            : first < messages.Length ? first
            : int.MaxValue;
    }
}
