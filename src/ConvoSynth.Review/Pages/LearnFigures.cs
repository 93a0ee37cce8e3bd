using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Pages;

/// <summary>Checks, judges and reviewers measured on the rows that people decided.</summary>
public sealed record LearnFigures(
    int Rows,
    IReadOnlyList<Agreement> Checks,
    IReadOnlyList<UnsureSuggestion> Unsure,
    IReadOnlyList<VoteThreshold> Votes,
    IReadOnlyList<ControlMeasure> Reviewers
)
{
    public static LearnFigures Of(RunLabels labels, Standing standing, IReadOnlyList<Decision> entries)
    {
        var rejected = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var id in standing.Rows)
        {
            if (standing.Settled(id, out _) is { Ruling: not Ruling.Revise } decision)
                rejected[id] = decision.Ruling == Ruling.Reject;
        }

        var verdicts = labels.VerdictsOf(rejected.Keys);
        return new(
            rejected.Count,
            Agreement.Of(rejected, verdicts.Where(v => v.Outcome == "fail").Select(v => (v.Id, v.Check))),
            UnsureSuggestion.Of(rejected, verdicts.Where(v => v.Outcome == "unsure").Select(v => (v.Id, v.Check))),
            VoteThreshold.Of(rejected, labels.VotesOf(rejected.Keys).Select(v => (v.Row, v.Check, v.Answer))),
            ReviewersOf(labels, entries)
        );
    }

    /// <summary>Each reviewer on the controls among the decided rows.</summary>
    public static IReadOnlyList<ControlMeasure> ReviewersOf(RunLabels labels, IReadOnlyList<Decision> entries) =>
        ControlMeasure.Of(
            entries,
            labels.Controls([.. entries.Where(e => e.Kind is null).Select(e => e.Row).Distinct(StringComparer.Ordinal)])
        );
}
