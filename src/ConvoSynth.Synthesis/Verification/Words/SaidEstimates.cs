using System.Buffers;
using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>Amounts that the agent puts forward without having read them: an estimate, or what it says will remain of a balance.</summary>
internal static class SaidEstimates
{
    private static readonly SearchValues<string> Guesses = SearchValues.Create(["estimat", "approximate", "approx.", "roughly", "ballpark", "typical", "~$"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> OfAmounts = SearchValues.Create(["around $", "about $", "some $", "up to $"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Money = SearchValues.Create(["$", " cost", " price", " fee", " fare", " refund", " charge", " rate"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Remains = SearchValues.Create(["remain", " left on", " left over", "leftover", "leaves you", "leave you", " still left"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Unsure for an estimate of money, and for a remainder that neither a tool nor the human gave: whether it will be so, no read shows.</summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        var whole = text.Text.AsSpan();
        var guesses = whole.ContainsAny(Guesses) || whole.ContainsAny(OfAmounts);
        var remains = text.Amounts.Count > 0 && whole.ContainsAny(Remains);
        if (!guesses && !remains) return;
        KnownAmounts? known = null;
        for (var s = 0; s < text.Sentences.Count; s++)
        {
            var sentence = text.Sentences[s];
            var said = whole[sentence.Start..sentence.End];
            if (guesses && (said.ContainsAny(OfAmounts) || (said.ContainsAny(Guesses) && said.ContainsAny(Money))))
            {
                findings.Unsure(message, $"the agent estimates what a tool could have told: \"{text.Quote(sentence)}\"");
                continue;
            }

            if (!remains || !said.ContainsAny(Remains)) continue;
            foreach (var amount in text.Amounts)
            {
                if (amount.Sentence != s || SaidAmounts.IsExpected(trace, amount.Value) || (known ??= trace.AmountsBefore(message)).Shows(amount.Value)) continue;
                findings.Unsure(message, string.Create(CultureInfo.InvariantCulture, $"the agent says that ${amount.Value:0.00} remains, which it worked out by itself: \"{text.Quote(sentence)}\""));
                break;
            }
        }
    }
}
