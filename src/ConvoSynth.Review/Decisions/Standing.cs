namespace ConvoSynth.Review.Decisions;

/// <summary>What holds after all entries of a log: for each row, the last decision of each reviewer that was not taken back.</summary>
public sealed class Standing
{
    private readonly Dictionary<string, Dictionary<string, List<Decision>>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<DecidedKind, List<Decision>> _kinds = [];

    public Standing(IEnumerable<Decision> entries)
    {
        foreach (var entry in entries)
            Add(entry);
    }

    /// <summary>The rows on which a decision stands; deferred ones are not among them.</summary>
    public IEnumerable<string> Rows => _rows.Keys.Where(row => Of(row).Any(d => d.Ruling != Ruling.Defer));

    /// <summary>Every standing decision on a row, deferred ones among them.</summary>
    public IEnumerable<Decision> All => _rows.Keys.SelectMany(Of);

    /// <summary>The last decision on each kind, whichever reviewer made it.</summary>
    public IEnumerable<Decision> Kinds => _kinds.Values.Where(d => d.Count > 0).Select(d => d[^1]);

    /// <summary>The standing decision of each reviewer on a row.</summary>
    public IReadOnlyList<Decision> Of(string row) =>
        _rows.TryGetValue(row, out var reviewers) ? [.. reviewers.Values.Where(d => d.Count > 0).Select(d => d[^1])] : [];

    public Decision? Of(string row, string reviewer) =>
        _rows.TryGetValue(row, out var reviewers) && reviewers.TryGetValue(reviewer, out var own) && own.Count > 0 ? own[^1] : null;

    /// <summary>The rows that need no decision of a reviewer: decided by this one, or by so many of all.</summary>
    public IReadOnlyCollection<string> DoneFor(string reviewer, int reviews) =>
        [.. _rows.Keys.Where(row => Of(row, reviewer) is not null || Of(row).Count(d => d.Ruling != Ruling.Defer) >= reviews)];

    /// <summary>The rows that a reviewer has decided or deferred.</summary>
    public IReadOnlyCollection<string> By(string reviewer) => [.. _rows.Keys.Where(row => Of(row, reviewer) is not null)];

    /// <summary>
    /// What holds for a row: what most reviewers say. Null if no decision stands, or as many say the contrary;
    /// <paramref name="tied"/> tells the two apart.
    /// </summary>
    public Decision? Settled(string row, out bool tied)
    {
        var votes = Of(row).Where(d => d.Ruling != Ruling.Defer).ToArray();
        var positive = votes.Where(d => d.Ruling is Ruling.Accept or Ruling.Revise).ToArray();
        var negative = votes.Where(d => d.Ruling == Ruling.Reject).ToArray();
        tied = votes.Length > 0 && positive.Length == negative.Length;
        if (positive.Length == negative.Length)
            return null;
        // Of several that agree, the last: it has seen the others' notes.
        return (positive.Length > negative.Length ? positive : negative).MaxBy(d => d.At);
    }

    private void Add(Decision entry)
    {
        if (entry.Kind is { } kind)
        {
            if (!_kinds.TryGetValue(kind, out var decided))
                _kinds[kind] = decided = [];
            Apply(entry, decided);
            return;
        }

        if (!_rows.TryGetValue(entry.Row, out var reviewers))
            _rows[entry.Row] = reviewers = new(StringComparer.Ordinal);
        if (!reviewers.TryGetValue(entry.Reviewer, out var own))
            reviewers[entry.Reviewer] = own = [];
        Apply(entry, own);
    }

    private static void Apply(Decision entry, List<Decision> decided)
    {
        if (entry.Ruling != Ruling.Undo)
            decided.Add(entry);
        else if (decided.Count > 0)
            decided.RemoveAt(decided.Count - 1);
    }
}
