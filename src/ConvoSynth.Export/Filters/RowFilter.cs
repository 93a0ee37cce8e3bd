using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Filters;

/// <summary>Which rows of a run are exported. An empty list lets all pass.</summary>
public sealed record RowFilter
{
    /// <value>Rows that meet this profile, accepted or undecided; null for the accepted rows. Default null.</value>
    public string? Profile { get; init; }

    /// <value>Whether undecided rows are exported as well. Default false: nothing says that they are right.</value>
    public bool Undecided { get; init; }

    public IReadOnlyList<string> Domains { get; init; } = [];

    public IReadOnlyList<string> Intents { get; init; } = [];

    public IReadOnlyList<string> Slices { get; init; } = [];

    internal bool Takes(ShardRow row) => TakesStatus(row) && TakesTask(row);

    /// <summary>Whether the row's task passes, however its dialogue ended.</summary>
    internal bool TakesTask(ShardRow row) => Has(Domains, row.Domain) && Has(Intents, row.Intent) && Has(Slices, row.Slice);

    private bool TakesStatus(ShardRow row) =>
        row.Status switch
        {
            RowStatus.Accepted => Profile is null || row.Passes.Contains(Profile),
            RowStatus.Undecided => Undecided || (Profile is not null && row.Passes.Contains(Profile)),
            _ => false,
        };

    private static bool Has(IReadOnlyList<string> wanted, string? value) =>
        wanted.Count == 0 || (value is not null && wanted.Contains(value));
}
