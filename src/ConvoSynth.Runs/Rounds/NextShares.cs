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

    /// <summary>One line a slice that has a share.</summary>
    /// <param name="shares">The shares of the earlier runs.</param>
    /// <param name="counts">Slice → its rows in all of them.</param>
    /// <param name="keep">The keep-band.</param>
    public static ImmutableArray<ShareMove> Of(SliceShares shares, IReadOnlyDictionary<string, IntentCounts> counts, KeepBand keep)
    {
        var moves = shares
            .All.Select(s =>
            {
                var rate = counts.GetValueOrDefault(s.Slice) is { } rows && rows.Accepted + rows.Rejected >= Least ? rows.PassRate : null;
                return new ShareMove(s.Slice, s.Share, rate, FactorOf(rate, keep), 0);
            })
            .ToArray();
        var sum = moves.Sum(m => m.From * m.Factor);
        return [.. moves.Select(m => m with { To = m.From * m.Factor / sum })];
    }

    private static double FactorOf(double? passRate, KeepBand keep) =>
        passRate is not { } rate || rate < keep.Low ? 1
        : rate > keep.High ? 0.5
        : 2 - rate;
}
