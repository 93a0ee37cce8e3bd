using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Grains.Campaign;

/// <summary>Admission against a budget: bounds how many dialogues may begin by the mean cost of the finished ones.</summary>
internal static class Admission
{
    // The first 4 start without a known mean. After that at most half of the begun dialogues may be unwritten. So the mean that admits
    // the last dialogue rests on at least half of them.
    private const long First = 4;

    /// <summary>How many of the run's indexes may have begun so far, finished ones included.</summary>
    /// <returns><see cref="long.MaxValue"/> without a limit on cost or tokens.</returns>
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

    /// <summary>
    /// Whether one more dialogue of mean cost would overshoot a limit by more than stopping here undershoots it. Valid only while nothing
    /// is in flight.
    /// </summary>
    public static bool IsUsedUp(Budget budget, Spending spent) =>
        spent.Indexes > 0
        && (
            Fitting(budget.Cost, spent.Cost, spent.Indexes) <= spent.Indexes
            || Fitting(budget.Tokens, spent.Tokens, spent.Indexes) <= spent.Indexes
        );

    // Rounds to nearest instead of down, so that runs meet their budget on average.
    private static long Fitting(decimal? limit, decimal spent, long indexes) =>
        limit is not { } most || spent == 0 ? long.MaxValue : (long)Math.Min(Math.Round(most * indexes / spent), long.MaxValue / 4);
}
