using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Detects a term that the policy has for one act and the agent gives for another.</summary>
internal static class TermScope
{
    /// <summary>Number of first letters that identify a subject: "refund" matches "refunded".</summary>
    private const int Subject = 6;
    private static readonly CueSet Time = new(["business", "working", "immediately", "otherwise", "within"]);

    /// <summary>
    /// The heading of the policy section with the term, if all such sections concern other writes than the message does. Null if the term
    /// fits, or if a tool or the human gave it in this dialogue.
    /// </summary>
    public static string? OfAnother(Trace trace, AgentText text, TextSentence sentence, int message, Func<string, bool> gives)
    {
        var about = About(trace, message);
        if (about == 0)
            return null;
        var acts = ActWords.Of(trace.Pack);
        string? headings = null;
        foreach (var source in (string[])[trace.Conversation.System, trace.Pack.Policy.Text])
        {
            foreach (var section in PolicySections.Of(source, trace.Pack))
            {
                if (!gives(section.Text))
                    continue;
                if (
                    section.Tools == 0
                    || (section.Tools & about) != 0
                    || Names(text, sentence, acts, section.Tools)
                    || IsOfItsSubject(text, sentence, acts, section.Text, gives)
                )
                    return null;
                headings ??= section.Heading;
            }
        }

        if (headings is null)
            return null;
        foreach (var known in KnownTexts.Before(trace, message))
        {
            if (!ReferenceEquals(known, trace.Conversation.System) && !ReferenceEquals(known, trace.Pack.Policy.Text) && gives(known))
                return null;
        }

        return $"\"{headings}\"";
    }

    // "Refunds take 5 to 7 business days": the policy's own sentence gives the term for a refund, whichever act causes it. The agent's
    // sentence, or the one before, must share a word of that subject. The word may not name an act, an object of an act or a present
    // value.
    private static bool IsOfItsSubject(AgentText text, TextSentence sentence, ActWords acts, string section, Func<string, bool> gives)
    {
        var before = text.Words[sentence.FirstWord].Sentence is > 0 and var at ? text.Quote(text.Sentences[at - 1]) : "";
        var said = SpokenText.Padded($"{before} {text.Quote(sentence)}");
        foreach (var line in section.Split('\n').Where(gives))
        {
            var clause = line[Math.Max(0, line.LastIndexOf(" and ", StringComparison.Ordinal))..];
            foreach (var word in SpokenText.Padded(gives(clause) ? clause : line).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (
                    word.Length >= Subject
                    && EnglishWords.RoleOf(word) == WordRole.None
                    && acts[word] == default
                    && !Reading.Same.Contains($" {word} ")
                    && !Time.IsIn($" {word} ")
                    && said.Contains($" {word[..Subject]}", StringComparison.Ordinal)
                )
                    return true;
            }
        }

        return false;
    }

    // The writes, tried or made, on either side of the message.
    private static ulong About(Trace trace, int message)
    {
        var acts = ActWords.Of(trace.Pack);
        ulong before = 0,
            after = 0;
        foreach (var call in trace.Calls)
        {
            if (call.Tool is not { Writes: true } tool)
                continue;
            if (call.Message < message)
                before = acts.MaskOf(tool);
            else if (after == 0)
                after = acts.MaskOf(tool);
        }

        return before | after;
    }

    private static bool Names(AgentText text, TextSentence sentence, ActWords acts, ulong tools)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var word = acts[text[text.Words[i]]];
            if (((word.Plain | word.Noun | word.Done) & tools) != 0)
                return true;
        }

        return false;
    }
}
