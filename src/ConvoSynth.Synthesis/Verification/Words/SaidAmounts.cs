using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>The amounts of money that a report names.</summary>
internal static class SaidAmounts
{
    /// <summary>Fails for an amount, in a message that reports a write, which nothing that is known gives.</summary>
    public static void Judge(Trace trace, AgentText text, List<ActClaim> claims, StateBefore state, ref Findings findings, int message)
    {
        if (text.Amounts.Count == 0 || !state.AnyWrite || !claims.Exists(c => c.Form == ClaimForm.Done)) return;
        var known = KnownAmounts.Before(trace, message);
        var beside = new List<double>();
        foreach (var amount in text.Amounts)
        {
            if (known.Shows(amount.Value)) beside.Add(amount.Value);
        }

        foreach (var amount in text.Amounts)
        {
            if (text.Sentences[Math.Min(amount.Sentence, text.Sentences.Count - 1)].IsQuestion) continue;
            if (IsExpected(trace, amount.Value) || known.Explains(amount.Value, beside)) continue;
            findings.Fail(Fault.Agent, message, string.Create(CultureInfo.InvariantCulture,
                $"the agent says ${amount.Value:0.00}, which nothing that was read, said or done gives: \"{text.Quote(text.Sentences[Math.Min(amount.Sentence, text.Sentences.Count - 1)])}\""));
        }
    }

    // The answer to a question of the task may be computed in any way.
    private static bool IsExpected(Trace trace, double amount)
    {
        foreach (var output in trace.Blueprint.Outputs)
        {
            if (output.Value.Number is { } value && Math.Abs(Math.Abs(value) - amount) < 0.006) return true;
        }

        return false;
    }
}
