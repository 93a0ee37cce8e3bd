using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>The amounts of money that the agent names.</summary>
internal static class SaidAmounts
{
    /// <summary>Fails for an amount, in a message that reports a write, which nothing that is known gives.</summary>
    public static void JudgeReport(Trace trace, AgentText text, List<ActClaim> claims, StateBefore state, ref Findings findings, int message)
    {
        if (text.Amounts.Count == 0 || !state.AnyWrite || !claims.Exists(c => c.Form == ClaimForm.Done)) return;
        foreach (var (said, sentence) in Unexplained(trace, text, message))
        {
            if (!sentence.IsQuestion) findings.Fail(Fault.Agent, message, said);
        }
    }

    /// <summary>Unsure for an amount anywhere, since people work out more than is tried here.</summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        if (text.Amounts.Count == 0) return;
        foreach (var (said, _) in Unexplained(trace, text, message)) findings.Unsure(message, said);
    }

    private static List<(string Said, TextSentence Sentence)> Unexplained(Trace trace, AgentText text, int message)
    {
        var found = new List<(string Said, TextSentence Sentence)>();
        List<double>? beside = null;
        foreach (var amount in text.Amounts)
        {
            if (IsExpected(trace, amount.Value)) continue;
            var known = trace.AmountsBefore(message);
            if (known.Shows(amount.Value)) continue;
            beside ??= [.. text.Amounts.Select(a => a.Value).Where(known.Shows)];
            if (known.Explains(amount.Value, beside)) continue;
            var sentence = text.Sentences[Math.Min(amount.Sentence, text.Sentences.Count - 1)];
            found.Add((string.Create(CultureInfo.InvariantCulture, $"the agent says ${amount.Value:0.00}, which nothing that was read, said or done gives: \"{text.Quote(sentence)}\""), sentence));
        }

        return found;
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
