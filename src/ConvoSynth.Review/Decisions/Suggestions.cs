using ConvoSynth.Core;

namespace ConvoSynth.Review.Decisions;

/// <summary>What to do with rows that a check is unsure of, by what people said of such rows.</summary>
/// <param name="Decided">Rows that the check was unsure of and people decided.</param>
/// <param name="Rejected">Those of them that people rejected.</param>
public sealed record UnsureSuggestion(string Check, int Decided, int Rejected)
{
    /// <summary>The share that people rejected, by Wilson at 95 %.</summary>
    public (double Low, double High) Interval => ShareInterval.Wilson(Rejected, Decided);

    /// <summary>A suggestion only where the whole interval is on one side of a half.</summary>
    public string Advice =>
        Interval.Low > 0.5 ? "take unsure as failed"
        : Interval.High < 0.5 ? "take unsure as passed"
        : "keep asking people";

    /// <summary>One line a check that was unsure of a decided row, the most decided first.</summary>
    public static IReadOnlyList<UnsureSuggestion> Of(
        IReadOnlyDictionary<string, bool> rejected,
        IEnumerable<(string Row, string Check)> unsure
    ) =>
        [
            .. unsure
                .Where(u => rejected.ContainsKey(u.Row))
                .Distinct()
                .GroupBy(u => u.Check, StringComparer.Ordinal)
                .Select(g => new UnsureSuggestion(g.Key, g.Count(), g.Count(u => rejected[u.Row])))
                .OrderByDescending(s => s.Decided)
                .ThenBy(s => s.Check, StringComparer.Ordinal),
        ];
}

/// <summary>How the judges of a criterion did against people if so many votes against a row rejected it.</summary>
public sealed record VoteThreshold(int Votes, Agreement Agreement, bool IsSuggested)
{
    /// <summary>The vote that a criterion is not met.</summary>
    public const string Against = "0";

    /// <summary>One line a criterion and number of votes; of each criterion, the number with the highest kappa is suggested.</summary>
    public static IReadOnlyList<VoteThreshold> Of(
        IReadOnlyDictionary<string, bool> rejected,
        IEnumerable<(string Row, string Check, string Answer)> votes
    ) =>
        [
            .. votes
                .Where(v => rejected.ContainsKey(v.Row))
                .GroupBy(v => v.Check, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .SelectMany(check => Thresholds(rejected, check.Key, [.. check])),
        ];

    private static VoteThreshold[] Thresholds(
        IReadOnlyDictionary<string, bool> rejected,
        string check,
        (string Row, string Check, string Answer)[] votes
    )
    {
        var rows = votes
            .GroupBy(v => v.Row, StringComparer.Ordinal)
            .Select(g => (g.Key, Against: g.Count(v => v.Answer == Against)))
            .ToArray();
        var voted = rows.ToDictionary(r => r.Key, r => rejected[r.Key], StringComparer.Ordinal);
        var lines = Enumerable
            .Range(1, rows.Max(r => r.Against))
            .Select(n => (Votes: n, Agreement: Agreement.Of(voted, rows.Where(r => r.Against >= n).Select(r => (r.Key, check)))[0]))
            .ToArray();
        var best = lines.Max(l => l.Agreement.Kappa);
        return [.. lines.Select(l => new VoteThreshold(l.Votes, l.Agreement, best is not null && l.Agreement.Kappa == best))];
    }
}
