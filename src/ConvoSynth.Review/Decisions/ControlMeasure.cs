namespace ConvoSynth.Review.Decisions;

/// <summary>How a reviewer did on rows whose truth is known: those with a planted fault, and clean ones.</summary>
/// <param name="Found">Rows with a planted fault that the reviewer rejected or edited.</param>
/// <param name="Missed">Rows with a planted fault that the reviewer accepted.</param>
/// <param name="FalseAlarms">Clean rows that the reviewer rejected or edited.</param>
/// <param name="Passed">Clean rows that the reviewer accepted.</param>
public sealed record ControlMeasure(string Reviewer, int Found, int Missed, int FalseAlarms, int Passed)
{
    public int Planted => Found + Missed;

    public int Rejected => Found + FalseAlarms;

    /// <summary>One measure a reviewer who decided a row with a planted fault. The first word on a row counts, if it was blind.</summary>
    /// <param name="isPlanted">Control → whether a fault is planted in it.</param>
    public static IReadOnlyList<ControlMeasure> Of(IEnumerable<Decision> entries, IReadOnlyDictionary<string, bool> isPlanted) =>
        [
            .. entries
                .Where(d => isPlanted.ContainsKey(d.Row) && d.Ruling is not (Ruling.Defer or Ruling.Undo))
                .GroupBy(d => (d.Reviewer, d.Row))
                .Select(g => g.First())
                .Where(d => d.Blind)
                .GroupBy(d => d.Reviewer, StringComparer.Ordinal)
                .Select(own => new ControlMeasure(
                    own.Key,
                    own.Count(d => isPlanted[d.Row] && d.Ruling != Ruling.Accept),
                    own.Count(d => isPlanted[d.Row] && d.Ruling == Ruling.Accept),
                    own.Count(d => !isPlanted[d.Row] && d.Ruling != Ruling.Accept),
                    own.Count(d => !isPlanted[d.Row] && d.Ruling == Ruling.Accept)
                ))
                .Where(m => m.Planted > 0)
                .OrderBy(m => m.Reviewer, StringComparer.Ordinal),
        ];
}
