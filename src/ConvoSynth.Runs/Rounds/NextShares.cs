using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Runs.Rounds;

/// <summary>How the share of one slice moves from one run to the next.</summary>
/// <param name="From">The share in the earlier runs.</param>
/// <param name="PassRate">Accepted rows among the decided ones; null with fewer than <see cref="NextShares.Least"/> decided rows.</param>
/// <param name="Factor">What the share is multiplied by before all shares are divided by their sum.</param>
/// <param name="To">The share in the next run.</param>
public sealed record ShareMove(string Slice, double From, double? PassRate, double Factor, double To);

/// <summary>
/// Moves the shares of slices towards what fails and can still be learnt from. A slice within the keep-band counts more the lower its
/// pass rate; one above it is mastered and counts half; one below it, or with too few rows, keeps its weight. Nothing adapts inside a
/// run: its rows stay a function of its spec.
/// </summary>
public static class NextShares
{
    /// <summary>The least number of decided rows that say something about a slice.</summary>
    public const long Least = 20;

    /// <summary>The lower end of the keep-band.</summary>
    public const double TooHard = 0.2;

    /// <summary>The upper end of the keep-band.</summary>
    public const double Mastered = 0.85;

    /// <summary>One line a slice that has a share.</summary>
    /// <param name="shares">The shares of the earlier runs.</param>
    /// <param name="counts">Slice → its rows in all of them.</param>
    public static ImmutableArray<ShareMove> Of(SliceShares shares, IReadOnlyDictionary<string, IntentCounts> counts)
    {
        var moves = shares
            .All.Select(s =>
            {
                var rate = counts.GetValueOrDefault(s.Slice) is { } rows && rows.Accepted + rows.Rejected >= Least ? rows.PassRate : null;
                return new ShareMove(s.Slice, s.Share, rate, FactorOf(rate), 0);
            })
            .ToArray();
        var sum = moves.Sum(m => m.From * m.Factor);
        return [.. moves.Select(m => m with { To = m.From * m.Factor / sum })];
    }

    private static double FactorOf(double? passRate) =>
        passRate switch
        {
            null or < TooHard => 1,
            > Mastered => 0.5,
            { } rate => 2 - rate,
        };
}
