using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>The amounts of money that the agent names.</summary>
internal static class SaidAmounts
{
    /// <summary>Fails for an amount, in a message that reports a write, which nothing that is known gives; elsewhere, where people work out more, it is unsure.</summary>
    public static void Judge(Trace trace, AgentText text, List<ActClaim> claims, StateBefore state, ref Findings findings, int message)
    {
        if (text.Amounts.Count == 0) return;
        KnownAmounts? known = null;
        List<double>? beside = null;
        foreach (var amount in text.Amounts)
        {
            var sentence = text.Sentences[Math.Min(amount.Sentence, text.Sentences.Count - 1)];
            if (IsExpected(trace, amount.Value)) continue;
            known ??= trace.AmountsBefore(message);
            if (known.Shows(amount.Value)) continue;
            beside ??= [.. text.Amounts.Select(a => a.Value).Where(known.Shows)];
            if (known.Explains(amount.Value, beside)) continue;
            var why = string.Create(CultureInfo.InvariantCulture, $"the agent says ${amount.Value:0.00}, which nothing that was read, said or done gives: \"{text.Quote(sentence)}\"");
            if (!sentence.IsQuestion && state.AnyWrite && claims.Exists(c => c.Form == ClaimForm.Done)) findings.Fail(Fault.Agent, message, why);
            else findings.Unsure(message, why);
        }
    }

    // The answer to a question of the task may be computed in any way.
    public static bool IsExpected(Trace trace, double amount)
    {
        foreach (var output in trace.Blueprint.Outputs)
        {
            if (output.Value.Number is { } value && Math.Abs(Math.Abs(value) - amount) < 0.006) return true;
        }

        return false;
    }
}
