using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>Whether a term that the policy has of one act is given for another.</summary>
internal static class TermScope
{
    /// <summary>
    /// The headings of the policy's parts that give the term, where each is about certain writes, the message is about others, and nobody and no tool
    /// gave the term in this dialogue; null where nothing is wrong with it.
    /// </summary>
    public static string? OfAnother(Trace trace, AgentText text, TextSentence sentence, int message, Func<string, bool> gives)
    {
        var about = About(trace, message);
        if (about == 0) return null;
        var acts = ActWords.Of(trace.Pack);
        string? headings = null;
        foreach (var source in (string[])[trace.Conversation.System, trace.Pack.Policy.Text])
        {
            foreach (var section in PolicySections.Of(source, trace.Pack))
            {
                if (!gives(section.Text)) continue;
                if (section.Tools == 0 || (section.Tools & about) != 0 || Names(text, sentence, acts, section.Tools)) return null;
                headings ??= section.Heading;
            }
        }

        if (headings is null) return null;
        foreach (var known in KnownTexts.Before(trace, message))
        {
            if (!ReferenceEquals(known, trace.Conversation.System) && !ReferenceEquals(known, trace.Pack.Policy.Text) && gives(known)) return null;
        }

        return $"\"{headings}\"";
    }

    // The writes, tried or made, on either side of the message.
    private static ulong About(Trace trace, int message)
    {
        var acts = ActWords.Of(trace.Pack);
        ulong before = 0, after = 0;
        foreach (var call in trace.Calls)
        {
            if (call.Tool is not { Writes: true } tool) continue;
            if (call.Message < message) before = acts.MaskOf(tool);
            else if (after == 0) after = acts.MaskOf(tool);
        }

        return before | after;
    }

    private static bool Names(AgentText text, TextSentence sentence, ActWords acts, ulong tools)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var word = acts[text[text.Words[i]]];
            if (((word.Plain | word.Noun | word.Done) & tools) != 0) return true;
        }

        return false;
    }
}
