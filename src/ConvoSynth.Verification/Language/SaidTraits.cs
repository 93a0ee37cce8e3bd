using System.Buffers;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>Judges the agent's descriptions of the human's payment methods: brand and kind.</summary>
internal static class SaidTraits
{
    /// <summary>Maximum number of values of a field that is a choice.</summary>
    private const int MaxValues = 8;

    /// <summary>Maximum distance, in words, of a description before its key: "Visa credit card ending in 9647".</summary>
    private const int FarthestWord = 6;

    private const int ShortestTail = 4;

    // Characters that may stand between a card's name and its number.
    private static readonly SearchValues<char> Loose = SearchValues.Create(" ([*\"'`_#");

    /// <summary>
    /// Fails if an observation showed a row, and the words directly before its key or last digits name another choice than the row's.
    /// </summary>
    public static void Judge(Trace trace, AgentText text, ShownRows shown, ref Findings findings, int message)
    {
        if (!text.Text.AsSpan().ContainsAnyInRange('0', '9'))
            return;
        foreach (var (row, call) in shown.All)
        {
            if (call >= message)
                return;
            foreach (var sentence in text.Sentences)
            {
                if (sentence.IsQuestion || text.Has(sentence, WordRole.Not))
                    continue;
                foreach (var (from, to) in Named(text, sentence, row))
                {
                    if (Other(trace, row, text.Text[from..to]) is not { } other)
                        continue;
                    findings.Fail(
                        Fault.Agent,
                        message,
                        $"{EntityRows.Text(row.Key)} is {other.Held}, and the agent says {other.Said}: \"{text.Quote(sentence)}\""
                    );
                    return;
                }
            }
        }
    }

    // The words of a clause that end with the row's key, or with "ending in" and its last digits.
    private static IEnumerable<(int From, int To)> Named(AgentText text, TextSentence sentence, EntityRow row)
    {
        var key = EntityRows.Text(row.Key);
        for (
            var at = text.Text.IndexOf(key, sentence.Start, sentence.End - sentence.Start, StringComparison.Ordinal);
            at >= 0 && key.Length >= ShortestTail;
            at = text.Text.IndexOf(key, at + key.Length, sentence.End - at - key.Length, StringComparison.Ordinal)
        )
            yield return (Before(text, sentence, at), at);
        for (var i = sentence.FirstWord + 1; i < sentence.LastWord; i++)
        {
            var word = text[text.Words[i]];
            if (word.Length < ShortestTail || word.ContainsAnyExceptInRange('0', '9'))
                continue;
            var ends = false;
            for (var j = i - 1; j >= sentence.FirstWord && j >= i - 3; j--)
                ends |= text[text.Words[j]].StartsWith("end", StringComparison.OrdinalIgnoreCase);
            if (ends && IsTail(row, word.ToString()))
                yield return (Before(text, sentence, text.Words[i].Start), text.Words[i].Start);
        }
    }

    private static bool IsTail(EntityRow row, string digits)
    {
        foreach (var field in row.Entity.Fields.Values)
        {
            if (field.Type is "text" && row[field.Path].Text == digits)
                return true;
        }

        return false;
    }

    // Goes back to a preposition, a conjunction or an amount, which introduces something else. "from the Visa to the card ending in
    // 9647", "gift_card_1 ($12) + credit_card_2".
    private static int Before(AgentText text, TextSentence sentence, int at)
    {
        var from = at;
        var words = 0;
        for (var i = sentence.LastWord - 1; i >= sentence.FirstWord && words < FarthestWord; i--)
        {
            var word = text.Words[i];
            if (word.End > at)
                continue;
            if (
                text.Text.AsSpan(word.End, from - word.End).ContainsAnyExcept(Loose)
                || text[word].ContainsAnyInRange('0', '9')
                || text[word]
                    is "to"
                        or "from"
                        or "with"
                        or "and"
                        or "or"
                        or "of"
                        or "than"
                        or "not"
                        or "for"
                        or "by"
                        or "on"
                        or "using"
                        or "via"
            )
                break;
            from = word.Start;
            words++;
        }

        return from;
    }

    private static (string Held, string Said)? Other(Trace trace, EntityRow row, string said)
    {
        foreach (var field in row.Entity.Fields.Values)
        {
            if (
                field.Type is not ("enum" or "text")
                || row[field.Path] is not JsonText held
                || held.Value.Any(char.IsAsciiDigit)
                || FieldValues.Says(said, "text", held)
            )
                continue;
            foreach (var value in Choices(trace, row.Entity, field))
            {
                if (value != held.Value && FieldValues.Says(said, "text", value))
                    return (held.Value, value);
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Choices(Trace trace, EntitySpec entity, FieldSpec field) =>
        PackMeaning.Of(trace.Pack).Choices(trace.Pack, entity, field, MaxValues);
}
