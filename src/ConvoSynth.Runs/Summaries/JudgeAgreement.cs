using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Runs.Summaries;

/// <summary>How the seats agree on what all of them were asked about: a seeded share, since an early end leaves a biased rest.</summary>
/// <param name="Simulated">Whether the built-in test endpoint judged: then the figures are those of its settings and of no
/// model.</param>
/// <param name="Criteria"><c>stage.criterion</c> → how the votes on it agree.</param>
public sealed record CommitteeAgreement(bool Simulated, SortedDictionary<string, CriterionAgreement> Criteria);

/// <summary>Agreement on one criterion.</summary>
/// <param name="Units">Dialogues or tasks with at least two votes.</param>
/// <param name="Unanimous">Of these, those whose votes are all alike.</param>
/// <param name="Alpha">Krippendorff's alpha; null if all votes are alike.</param>
public sealed record CriterionAgreement(long Units, long Unanimous, double? Alpha);

/// <summary>Counts the votes of rows that all seats judged.</summary>
internal sealed class JudgeAgreement(RunSpec spec)
{
    private readonly SortedDictionary<string, Agreement> _criteria = new(StringComparer.Ordinal);

    /// <summary>The columns that it needs; none for a run without a committee.</summary>
    public static IReadOnlyList<string> Columns(RunSpec spec) => spec.Roles?.Committee is null ? [] : ["index", "attempt", "verdicts"];

    public void Count(ShardRow row)
    {
        if (spec.Roles?.Committee is null)
            return;
        var onDialogue = Sitting.OnDialogue(spec, row.Index, row.Attempt).InFull;
        // All attempts have the votes on their one task.
        var onTask = row.Attempt == 0 && Sitting.OnBlueprint(spec, row.Index).InFull;
        if (!onDialogue && !onTask)
            return;
        foreach (var cell in row.Verdicts)
        {
            var verdict = JsonSerializer.Deserialize(cell.Span, CoreJson.Readable.Verdict);
            if (verdict is not { Kind: CheckKind.Judge, Votes: { } votes })
                continue;
            if (!(verdict.Stage == Committee.BlueprintStage ? onTask : onDialogue))
                continue;
            if (!_criteria.TryGetValue(verdict.Name, out var agreement))
                _criteria[verdict.Name] = agreement = new();
            agreement.Add(votes.Count(v => v.Answer == "1"), votes.Count(v => v.Answer == "0"));
        }
    }

    /// <summary>Null if no row has votes of all seats.</summary>
    public CommitteeAgreement? Total() =>
        _criteria.Count == 0
            ? null
            : new(
                spec.Roles!.Voting.Any(s => spec.Endpoints.Any(e => e.Name == s.Endpoint && e.Rehearsal)),
                new(
                    _criteria.ToDictionary(
                        c => c.Key,
                        c => new CriterionAgreement(
                            c.Value.Units,
                            c.Value.Unanimous,
                            c.Value.Alpha is { } alpha ? Math.Round(alpha, 4) : null
                        ),
                        StringComparer.Ordinal
                    ),
                    StringComparer.Ordinal
                )
            );
}
