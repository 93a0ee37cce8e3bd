using System.Globalization;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>Judges amounts that the agent states without having read them: usual costs, or the rest of a balance.</summary>
internal static class SaidEstimates
{
    private static readonly CueSet InGeneral = new(["typical*", "usual*", "normally", "generally", "on average", "ballpark"]);

    // csharpier-ignore - a table of words is read by rows
    private static readonly CueSet Remains = new([
        "remain*", "left on", "left over", "leftover", "leaves you", "leave you", "leaving", "still left",
    ]);

    /// <summary>
    /// Unsure for an amount described as usual. Unsure as well for a remainder that neither a tool nor the human gave and no write
    /// leaves, since no read can show it. An amount that is only called an estimate is weighed like any other.
    /// </summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        if (text.Amounts.Count == 0 || trace.Said(message) is not { } whole || !(InGeneral.IsIn(whole.Words) || Remains.IsIn(whole.Words)))
            return;
        foreach (var amounts in text.Amounts.Where(a => !SaidAmounts.IsExpected(trace, a.Value)).GroupBy(a => a.Sentence))
        {
            var said = text.Quote(text.Sentences[Math.Min(amounts.Key, text.Sentences.Count - 1)]);
            var words = SpokenText.Padded(said);
            if (InGeneral.IsIn(words))
                findings.Unsure(message, $"the agent estimates what a tool could have told: \"{said}\"");
            else if (
                Remains.IsIn(words)
                && amounts.FirstOrDefault(a =>
                    !trace.AmountsBefore(message).Shows(a.Value) && !IsLeft(trace, a.Value) && !IsRest(trace, text, message, a.Value)
                )
                    is { Value: > 0 } left
            )
                findings.Unsure(
                    message,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the agent says that ${left.Value:0.00} remains, which it worked out by itself: \"{said}\""
                    )
                );
        }
    }

    // Whether a write of the dialogue leaves a row with this amount.
    private static bool IsLeft(Trace trace, double amount) =>
        trace.Calls.Any(c => c.Writes.Any(w => w.After is { } after && JsonSearch.Shows(after, amount)));

    // "$60 of $321.18, so $261.18 remains": the difference of two amounts of the message, both of which were read or told.
    private static bool IsRest(Trace trace, AgentText text, int message, double rest)
    {
        double[] shown = [.. text.Amounts.Select(a => a.Value).Where(trace.AmountsBefore(message).Shows)];
        return Array.Exists(shown, a => Array.Exists(shown, b => Math.Abs(a - b - rest) < 0.006));
    }
}
