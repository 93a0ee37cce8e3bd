using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Needs;

/// <summary>Texts and counts that the agent says after a read and that stand in no other source before that message.</summary>
internal sealed class StatedDetails(Trace trace, Func<TraceCall, bool> isSeen)
{
    private const int ShortestText = 3;

    /// <summary>Whole numbers up to this may be days, which observations spell otherwise than agents do. So may years be.</summary>
    private const int LargestDay = 31;
    private const int FirstYear = 1900;
    private const int LastYear = 2100;

    public bool RestOn(TraceCall read)
    {
        var texts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Texts(read.Result.Value, texts);
        var counts = new HashSet<double>();
        Counts(read.Result.Value, counts);
        var numbers = new List<double>();
        JsonSearch.Numbers(read.Result.Value, numbers, int.MaxValue);
        numbers.RemoveAll(n => n is <= LargestDay or (>= FirstYear and <= LastYear));
        var answered = Answered(read.Message);
        foreach (var (i, said) in AgentWords.Of(trace))
        {
            if (i <= read.Message)
                continue;
            foreach (var text in texts)
            {
                if (FieldValues.ContainsToken(said, text) && !IsKnown(t => FieldValues.ContainsToken(t, text), read, i))
                    return true;
            }

            foreach (var number in FieldValues.Numbers(said))
            {
                if (numbers.Contains(number) && !IsShownElsewhere(number, read, i))
                    return true;
            }

            // A count is said at once; later numbers are about other things.
            if (i > answered)
                continue;
            foreach (var number in FieldValues.Numbers(said))
            {
                if (counts.Contains(number) && !IsCountedElsewhere(number, read, i))
                    return true;
            }
        }

        return false;
    }

    // Index of the human's next message.
    private int Answered(int message)
    {
        while (message < trace.Conversation.Messages.Length && trace.Conversation.Messages[message].Role != MessageRole.User)
            message++;
        return message;
    }

    private bool IsKnown(Func<string, bool> has, TraceCall read, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (trace.Conversation.Messages[i] is { Role: MessageRole.User, Content: { Length: > 0 } text } && has(text))
                return true;
        }

        foreach (var call in trace.Calls)
        {
            if (call.Message < before && !ReferenceEquals(call, read) && call.Succeeded && isSeen(call) && has(call.Recorded))
                return true;
        }

        return KnownTexts.FromTheStart(trace).Any(has);
    }

    private bool IsShownElsewhere(double number, TraceCall read, int before)
    {
        foreach (var call in trace.Calls)
        {
            var numbers = new List<double>();
            if (call.Message < before && !ReferenceEquals(call, read) && call.Succeeded && isSeen(call))
                JsonSearch.Numbers(call.Result.Value, numbers, int.MaxValue);
            if (numbers.Contains(number))
                return true;
        }

        return IsKnown(t => FieldValues.Numbers(t).Contains(number), read, before);
    }

    private bool IsCountedElsewhere(double number, TraceCall read, int before)
    {
        foreach (var call in trace.Calls)
        {
            if (call.Message >= before || ReferenceEquals(call, read) || !call.Succeeded || !isSeen(call))
                continue;
            var counts = new HashSet<double>();
            Counts(call.Result.Value, counts);
            if (counts.Contains(number))
                return true;
        }

        return IsKnown(t => FieldValues.Numbers(t).Contains(number), read, before);
    }

    private static void Texts(Json within, HashSet<string> texts)
    {
        switch (within)
        {
            case JsonText { Value.Length: >= ShortestText } text:
                texts.Add(text.Value);
                break;
            case JsonList list:
                foreach (var item in list.Span)
                    Texts(item, texts);
                break;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    // A name that is a key: a catalogue by product.
                    if (map.Keys[i].Length >= ShortestText && char.IsUpper(map.Keys[i][0]))
                        texts.Add(map.Keys[i]);
                    Texts(map.Values[i], texts);
                }

                break;
        }
    }

    // How many rows a list or a table has, and how many of them share a value: ten items, of which eight are available.
    private static void Counts(Json within, HashSet<double> counts)
    {
        IReadOnlyList<Json> items = within switch
        {
            JsonList list => list.Items,
            JsonMap map => [.. map.Values],
            _ => [],
        };
        if (items.Count > 1)
            counts.Add(items.Count);
        foreach (
            var group in items
                .OfType<JsonMap>()
                .SelectMany(m => m.Keys.Zip(m.Values))
                .Where(p => p.Second is JsonBoolean or JsonText)
                .GroupBy(p => (p.First, p.Second))
        )
            counts.Add(group.Count());
        foreach (var item in items)
            Counts(item, counts);
    }
}
