using ConvoSynth.Core;

namespace ConvoSynth.Grains;

/// <summary>How many dialogues may be begun within a budget, judged by what those that are written took.</summary>
internal static class Admission
{
    // Until something is known of the mean, few; then no more unwritten ones than written ones, so that the mean that decides on the last
    // dialogue rests on at least half of them.
    private const long First = 4;

    /// <summary>How many indexes of the run may have been begun by now, those that ended included.</summary>
    /// <returns><see cref="long.MaxValue"/> where nothing limits them.</returns>
    public static long Begun(Budget budget, Spending spent)
    {
        if (budget.Cost is null && budget.Tokens is null)
            return long.MaxValue;
        if (spent.Indexes == 0)
            return First;
        var byCost = Fitting(budget.Cost, spent.Cost, spent.Indexes);
        var byTokens = Fitting(budget.Tokens, spent.Tokens, spent.Indexes);
        return Math.Min(Math.Max(First, 2 * spent.Indexes), Math.Min(byCost, byTokens));
    }

    /// <summary>Whether the next dialogue would come nearer to passing the limit on cost, or the one on tokens, than to meeting it; of a run with nothing in flight.</summary>
    public static bool IsUsedUp(Budget budget, Spending spent) =>
        spent.Indexes > 0
        && (
            Fitting(budget.Cost, spent.Cost, spent.Indexes) <= spent.Indexes
            || Fitting(budget.Tokens, spent.Tokens, spent.Indexes) <= spent.Indexes
        );

    // Nearest, not below: over many runs the budget is met, neither missed nor passed.
    private static long Fitting(decimal? limit, decimal spent, long indexes) =>
        limit is not { } most || spent == 0 ? long.MaxValue : (long)Math.Min(Math.Round(most * indexes / spent), long.MaxValue / 4);
}
