using System.Buffers;
using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Compares the agent's statements of availability with the observations of the rows that it names.</summary>
internal static class SaidAvailability
{
    private const string Field = "available";
    private const int ShortestKey = 4;

    private static readonly CueSet Refers = new(["it", "its", "this", "that"]);

    private static readonly SearchValues<string> Cues = SearchValues.Create(["available", "in stock"], StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Unsure if a sentence calls something available, although all observations of a named row show none: a flag that is off, a count of
    /// zero. Of several counts, the one named in the sentence decides. A sentence without a row that says "it" or "this" refers to the
    /// last row of the sentence before.
    /// </summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        if (!text.Text.AsSpan().ContainsAny(Cues))
            return;
        for (var s = 0; s < text.Sentences.Count; s++)
        {
            var sentence = text.Sentences[s];
            if (
                sentence.IsQuestion
                || !text.Text.AsSpan(sentence.Start, sentence.End - sentence.Start).ContainsAny(Cues)
                || IsDenied(text, sentence)
            )
                continue;
            var named = Named(trace, text, s, message);
            if (named.Count == 0 && s > 0 && Refers.IsIn(text.PaddedOf(sentence)))
                named = Named(trace, text, s - 1, message) is [.., var last] ? [last] : [];
            foreach (var key in named)
            {
                if (Of(trace, key, text.Quote(sentence), message) != false)
                    continue;
                findings.Unsure(
                    message,
                    $"the agent says that it is available, and what was read of {key} shows none: \"{text.Quote(sentence)}\""
                );
                return;
            }
        }
    }

    private static bool IsDenied(AgentText text, TextSentence sentence)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (
                text.Words[i].Is(WordRole.Not | WordRole.Unable | WordRole.Condition)
                || text[text.Words[i]].Equals("only", StringComparison.OrdinalIgnoreCase)
            )
                return true;
        }

        return false;
    }

    // Words of the sentence that are the key of a row in an observation.
    private static List<string> Named(Trace trace, AgentText text, int sentence, int message)
    {
        var named = new List<string>();
        for (var i = text.Sentences[sentence].FirstWord; i < text.Sentences[sentence].LastWord; i++)
        {
            var word = text[text.Words[i]];
            if (word.Length < ShortestKey || !word.ContainsAnyInRange('0', '9'))
                continue;
            var key = word.ToString();
            if (Of(trace, key, "", message) is not null)
                named.Add(key);
        }

        return named;
    }

    // Whether any observation of the row shows it as available; null if none has such a field.
    private static bool? Of(Trace trace, string key, string said, int message)
    {
        bool? available = null;
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                break;
            if (!call.Succeeded)
                continue;
            if (In(call.Result.Value, key, said) is { } shown)
                available = available == true || shown;
            if (available == true)
                return true;
        }

        return available;
    }

    private static bool? In(Json value, string key, string said)
    {
        bool? available = null;
        foreach (var inner in value is JsonMap map ? map.Values : value.Items)
        {
            if (inner is JsonText text && value is JsonMap row && text.Value == key && Shown(row, said) is { } shown)
                available = available == true || shown;
            else if (inner is JsonMap or JsonList && In(inner, key, said) is { } deeper)
                available = available == true || deeper;
        }

        return available;
    }

    private static bool? Shown(JsonMap row, string said)
    {
        for (var i = 0; i < row.Count; i++)
        {
            if (!row.Keys[i].StartsWith(Field, StringComparison.Ordinal))
                continue;
            switch (row.Values[i])
            {
                case JsonBoolean flag:
                    return flag.Value;
                case JsonNumber count:
                    return count.Value > 0;
                case JsonMap counts:
                    return Counted(counts, said);
            }
        }

        return null;
    }

    // "basic_economy" before "economy": the longest matching name counts.
    private static bool? Counted(JsonMap counts, string said)
    {
        var longest = -1;
        for (var i = 0; i < counts.Count; i++)
        {
            var name = counts.Keys[i].Replace('_', ' ');
            if (
                said.Replace('_', ' ').Contains(name, StringComparison.OrdinalIgnoreCase)
                && (longest < 0 || name.Length > counts.Keys[longest].Length)
            )
                longest = i;
        }

        if (longest >= 0)
            return counts.Values[longest].Number > 0;
        return counts.Values.Any(v => v.Number > 0);
    }
}
