namespace ConvoSynth.Review.Decisions;

/// <summary>How a check did against people, over rows that both judged.</summary>
/// <param name="Both">Rows that the check failed and people rejected.</param>
/// <param name="CheckOnly">Rows that the check failed and people accepted: its false alarms.</param>
/// <param name="PeopleOnly">Rejected rows that the check let pass. Another check may have failed them rightly.</param>
/// <param name="Neither">Rows that the check let pass and people accepted.</param>
public sealed record Agreement(string Check, int Both, int CheckOnly, int PeopleOnly, int Neither)
{
    public int Failed => Both + CheckOnly;

    public double? Precision => Failed == 0 ? null : (double)Both / Failed;

    public double? Recall => Both + PeopleOnly == 0 ? null : (double)Both / (Both + PeopleOnly);

    /// <summary>Cohen's kappa; null where chance alone agrees always.</summary>
    public double? Kappa
    {
        get
        {
            double all = Both + CheckOnly + PeopleOnly + Neither;
            if (all == 0)
                return null;
            var seen = (Both + Neither) / all;
            var chance = ((Both + CheckOnly) * (Both + PeopleOnly) + (PeopleOnly + Neither) * (CheckOnly + Neither)) / (all * all);
            return chance >= 1 ? null : (seen - chance) / (1 - chance);
        }
    }

    /// <summary>One line a check that failed on at least one decided row, the most overturned first.</summary>
    /// <param name="rejected">Decided row → whether people rejected it.</param>
    /// <param name="failures">The failed verdicts of these rows.</param>
    public static IReadOnlyList<Agreement> Of(IReadOnlyDictionary<string, bool> rejected, IEnumerable<(string Row, string Check)> failures)
    {
        var people = rejected.Values.Count(r => r);
        return
        [
            .. failures
                .Where(f => rejected.ContainsKey(f.Row))
                .Distinct()
                .GroupBy(f => f.Check, StringComparer.Ordinal)
                .Select(check =>
                {
                    var both = check.Count(f => rejected[f.Row]);
                    var only = check.Count() - both;
                    return new Agreement(check.Key, both, only, people - both, rejected.Count - people - only);
                })
                .OrderByDescending(a => a.CheckOnly)
                .ThenBy(a => a.Check, StringComparer.Ordinal),
        ];
    }
}
