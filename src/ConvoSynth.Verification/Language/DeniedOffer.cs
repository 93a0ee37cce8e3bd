using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>A proposal that denies its own act: "I cannot settle $4.75 by card: … Shall I go ahead?"</summary>
internal static class DeniedOffer
{
    /// <summary>Whether all sentences of the message about the write refuse it.</summary>
    public static bool In(Trace trace, TraceCall call, int message)
    {
        if (trace.AgentSpeech.At(message) is not { } text)
            return false;
        var acts = ActWords.Of(trace.Pack);
        var tool = acts.MaskOf(call.Tool!);
        var ways = trace.MentionsOf(call);
        var refuses = false;
        foreach (var sentence in text.Sentences)
        {
            var (speaks, denies) = (false, false);
            for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
            {
                var word = text.Words[i];
                speaks |= (acts[text[word]].Plain & tool) != 0;
                denies |=
                    text[word].Equals("not", StringComparison.OrdinalIgnoreCase)
                    && i + 1 < sentence.LastWord
                    && text[text.Words[i + 1]].Equals("to", StringComparison.OrdinalIgnoreCase);
                denies |=
                    word.Is(WordRole.Not)
                    && (
                        word.Is(WordRole.Modal)
                        || (
                            i > sentence.FirstWord
                            && text.Words[i - 1].Is(WordRole.Modal)
                            && text[word].Equals("not", StringComparison.OrdinalIgnoreCase)
                        )
                    );
            }

            if (!ways.In(text.Quote(sentence)))
                continue;
            if (speaks && denies)
                refuses = true;
            else if (!denies && !IsDetail(text, sentence))
                return false;
        }

        return refuses;
    }

    // "- title: Dune" is a detail and no offer.
    private static bool IsDetail(AgentText text, TextSentence sentence) =>
        text.Text.AsSpan(sentence.Start, sentence.End - sentence.Start).TrimStart(" \n").StartsWith("-", StringComparison.Ordinal);
}
