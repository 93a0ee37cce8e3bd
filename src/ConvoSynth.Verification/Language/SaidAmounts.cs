using System.Globalization;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>The amounts of one message without a literal source.</summary>
/// <param name="WorkedOut">Amounts that follow from known ones.</param>
/// <param name="Unexplained">Amounts without a source.</param>
internal sealed record WorkedAmounts(IReadOnlyList<double> WorkedOut, IReadOnlyList<MoneyWord> Unexplained);

/// <summary>Judges the amounts of money in the agent's texts.</summary>
internal static class SaidAmounts
{
    /// <summary>Number of characters before an amount that hold "difference of".</summary>
    private const int Before = 17;

    private static readonly CueSet Difference = new(["difference of", "difference is"]);

    /// <summary>Fails an amount without a source in a message that reports a write.</summary>
    public static void JudgeReport(
        Trace trace,
        AgentText text,
        List<ActClaim> claims,
        StateBefore state,
        ref Findings findings,
        int message
    )
    {
        if (text.Amounts.Count == 0 || !state.AnyWrite || !claims.Exists(c => c.Form == ClaimForm.Done))
            return;
        foreach (var amount in trace.AmountsIn(message).Unexplained)
        {
            if (!SentenceOf(text, amount).IsQuestion)
                findings.Fail(Fault.Agent, message, Said(text, amount));
        }
    }

    /// <summary>Unsure for an amount without a source in any message, since people compute more than is tried here.</summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        if (text.Amounts.Count == 0)
            return;
        foreach (var amount in trace.AmountsIn(message).Unexplained)
            findings.Unsure(message, Said(text, amount));
        foreach (var amount in text.Amounts)
        {
            if (IsDifference(text, amount) && trace.AmountsBefore(message).IsOnlyRead(amount.Value))
                findings.Unsure(message, $"the agent calls a difference what was read: \"{text.Quote(SentenceOf(text, amount))}\"");
        }
    }

    // "A difference of $146". In "the difference is $146 - $131", the first amount is an operand.
    private static bool IsDifference(AgentText text, MoneyWord amount)
    {
        var after = text.Text.AsSpan(amount.Start).TrimStart("$0123456789.,* ");
        return !after.StartsWith("-") && Difference.IsIn(SpokenText.Padded(text.Text[Math.Max(0, amount.Start - Before)..amount.Start]));
    }

    /// <summary>Explains the amounts of a message. An explained amount may explain another, anywhere in the message.</summary>
    public static WorkedAmounts In(Trace trace, AgentText text, int message)
    {
        List<MoneyWord> open = [.. text.Amounts.Where(a => !IsExpected(trace, a.Value))];
        if (open.Count == 0)
            return new([], []);
        var known = trace.AmountsBefore(message);
        open.RemoveAll(a => known.Shows(a.Value));
        List<double> beside = [.. text.Amounts.Select(a => a.Value).Where(known.Shows)];
        var shown = beside.Count;
        while (open.FindIndex(a => known.Explains(a.Value, beside)) is var at and >= 0)
        {
            beside.Add(open[at].Value);
            open.RemoveAt(at);
        }

        open.RemoveAll(a => IsRounded(text, a) && beside.Exists(b => Math.Abs(b - a.Value) < 1));
        return new(beside[shown..], open);
    }

    /// <summary>Whether the amount is an expected answer of the task, which may be computed in any way.</summary>
    public static bool IsExpected(Trace trace, double amount)
    {
        foreach (var output in trace.Blueprint.Outputs)
        {
            if (output.Value.Number is { } value && Math.Abs(Math.Abs(value) - amount) < 0.006)
                return true;
        }

        return false;
    }

    // "~$36", "about $36": a known amount rounded to whole dollars.
    private static bool IsRounded(AgentText text, MoneyWord amount)
    {
        if (!amount.Value.Equals(Math.Floor(amount.Value)))
            return false;
        var before = text.Text.AsSpan(0, amount.Start).TrimEnd(" *-+");
        return before.EndsWith("~", StringComparison.Ordinal)
            || before.EndsWith("about", StringComparison.OrdinalIgnoreCase)
            || text.Words.LastOrDefault(w => w.End <= amount.Start).Is(WordRole.Doubt);
    }

    private static TextSentence SentenceOf(AgentText text, MoneyWord amount) =>
        text.Sentences[Math.Min(amount.Sentence, text.Sentences.Count - 1)];

    public static string Said(AgentText text, MoneyWord amount) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the agent says ${amount.Value:0.00}, which nothing that was read, said or done gives: "
                + $"\"{text.Quote(SentenceOf(text, amount))}\""
        );
}
