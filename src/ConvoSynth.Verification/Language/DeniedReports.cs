using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Finds a message right after a successful write that denies the write.</summary>
internal static class DeniedReports
{
    /// <summary>
    /// Unsure if the agent's first text after a write denies it, without a failed call between. One clause must negate a participle of
    /// that write, or a general one ("is not booked", "is not done"). A rule, a wish or a possibility does not count; "can", "if" or
    /// "yet" mark it. Nor does a quoted reason of the pack that contains the "not" itself.
    /// </summary>
    public static void Judge(Trace trace, ActWords acts, AgentText text, ref Findings findings, int message)
    {
        if (JustMade(trace, acts, message) is not (> 0 and var made))
            return;
        foreach (var sentence in text.Sentences)
        {
            if (
                sentence.IsQuestion
                || IsReason(trace, text, sentence)
                || text.Has(sentence, WordRole.Condition | WordRole.Unable | WordRole.Permit)
            )
                continue;
            var (clause, not, modal) = (-1, false, false);
            for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
            {
                var word = text.Words[i];
                if (word.Clause != clause)
                    (clause, not, modal) = (word.Clause, false, false);
                modal |= word.Is(WordRole.Modal) && !word.Is(WordRole.Have) && text[word] is not ("to" or "for");
                not |=
                    text[word].Equals("not", StringComparison.OrdinalIgnoreCase)
                    && i > sentence.FirstWord
                    && text.Words[i - 1].Is(WordRole.Have | WordRole.Is | WordRole.Was | WordRole.Been);
                if (
                    !not
                    || modal
                    || (
                        !word.Is(WordRole.Light)
                        && (acts[text[word]].Done & made) == 0
                        && !text[word].Equals("now", StringComparison.OrdinalIgnoreCase)
                    )
                )
                    continue;
                if (!Denied.MayBe(ClauseReasons.For(trace.Pack).WithoutDenials(text.PaddedOf(sentence))))
                    break;
                findings.Unsure(message, $"{acts.Names(made)} was done, and the agent seems to deny it: \"{text.Quote(sentence)}\"");
                return;
            }
        }
    }

    // The human's own reason, repeated among the details: "reason: the renewal was not recorded".
    private static bool IsReason(Trace trace, AgentText text, TextSentence sentence)
    {
        var padded = text.PaddedOf(sentence);
        foreach (var fact in trace.Blueprint.Scenario.Facts)
        {
            if (
                fact.Type == "text"
                && SpokenText.Phrase(fact.Said) is var reason
                && reason.Contains(" not ", StringComparison.Ordinal)
                && padded.Contains(reason, StringComparison.Ordinal)
            )
                return true;
        }

        return false;
    }

    // The writes since the agent's last text; 0 if there is none or a call failed.
    private static ulong JustMade(Trace trace, ActWords acts, int message)
    {
        var last = Turns.Last(trace, message, MessageRole.Assistant);
        var made = 0UL;
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                break;
            if (call.Message < last)
                continue;
            if (!call.Succeeded)
                return 0;
            if (call.Wrote)
                made |= acts.MaskOf(call.Tool!);
        }

        return made;
    }
}
