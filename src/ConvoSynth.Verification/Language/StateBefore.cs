using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>The calls and observations before a message.</summary>
internal readonly struct StateBefore(Trace trace, int message)
{
    public bool AnyWrite
    {
        get
        {
            foreach (var call in trace.Calls)
            {
                if (call.Message >= message)
                    return false;
                if (call.Wrote)
                    return true;
            }

            return false;
        }
    }

    public IEnumerable<TraceCall> WritesOf(ulong tools, ActWords acts)
    {
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                yield break;
            if (call.Wrote && (acts.MaskOf(call.Tool!) & tools) != 0)
                yield return call;
        }
    }

    /// <summary>The last failed call of these writes; null if none failed.</summary>
    public TraceCall? Failed(ulong tools, ActWords acts)
    {
        TraceCall? failed = null;
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                break;
            if (!call.Succeeded && call.Tool is { Writes: true } tool && (acts.MaskOf(tool) & tools) != 0)
                failed = call;
        }

        return failed;
    }

    /// <summary>Whether an observation contains a text with the word, such as a row's state <c>cancelled</c>.</summary>
    public bool ShowsWord(ReadOnlySpan<char> word)
    {
        var wanted = word.ToString();
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                return false;
            if (call.Succeeded && call.Tool is { Writes: false } && JsonSearch.Shows(call.Result.Value, wanted))
                return true;
        }

        return false;
    }

    /// <summary>Whether an observation shows the value that the text states.</summary>
    public bool Shows(string said, string type)
    {
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                return false;
            if (call.Succeeded && ShowsIn(call.Result.Value, said, type))
                return true;
        }

        return false;
    }

    private static bool ShowsIn(Json within, string said, string type)
    {
        switch (within)
        {
            case JsonMap map:
                foreach (var value in map.Values)
                {
                    if (ShowsIn(value, said, type))
                        return true;
                }

                return false;
            case JsonList list:
                foreach (var item in list.Span)
                {
                    if (ShowsIn(item, said, type))
                        return true;
                }

                return false;
            case JsonText { Value.Length: < 3 } or JsonBoolean or JsonNull:
                return false;
            default:
                return FieldValues.Says(said, type, within);
        }
    }
}

/// <summary>Collects the writes that the agent has reported to the human.</summary>
internal sealed class ToldWrites(Trace trace)
{
    private readonly HashSet<TraceCall> _told = new(ReferenceEqualityComparer.Instance);

    public void Tell(TraceCall call) => _told.Add(call);

    /// <summary>A later message that mentions a write's rows or values reports the write, too.</summary>
    public void Mentioned(AgentText text, int message)
    {
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                return;
            if (call.Wrote && !_told.Contains(call) && trace.MentionsOf(call) is { } ways && (!ways.Any || ways.In(text.Text)))
                _told.Add(call);
        }
    }

    /// <summary>The first unreported write; null if all are reported.</summary>
    public TraceCall? Untold()
    {
        foreach (var call in trace.Calls)
        {
            if (call.Wrote && !_told.Contains(call))
                return call;
        }

        return null;
    }
}
