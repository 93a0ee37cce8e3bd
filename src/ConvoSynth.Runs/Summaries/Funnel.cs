using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Judges;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Summaries;

/// <summary>A step from the plan to the accepted rows.</summary>
/// <param name="Step">The step's name; in verification, the stage.</param>
/// <param name="Left">Indexes that remain after the step.</param>
/// <param name="Undecided">
/// For a stage: rows without a failed check in which this stage is the first undecided one. They remain until <c>decided</c>.
/// </param>
public sealed record FunnelStep(string Step, long Left, long Undecided);

/// <summary>Counts each index of a run at the first step that stopped it.</summary>
internal sealed class Funnel(long planned)
{
    private const string Efficiency = "efficiency";

    // In the order in which a dialogue passes them.
    private static readonly string[] Stages =
    [
        Committee.BlueprintStage,
        "format",
        "replay",
        "environment",
        "outcome",
        "policy",
        "procedure",
        "claims",
        "grounding",
        "human",
        "conversation",
        Efficiency,
        Committee.Stage,
        TauBenchOutcome.Stage,
    ];

    private readonly long[] _lost = new long[Stages.Length];
    private readonly long[] _undecided = new long[Stages.Length];
    private long _rows;
    private long _noBlueprint;
    private long _failed;
    private long _other;

    /// <summary>Adds an index's own row.</summary>
    public void Count(ShardRow written)
    {
        _rows++;
        var row = EarlierRows.AsToday(written);
        if (row.Status == RowStatus.Accepted)
            return;
        if (row.Status == RowStatus.Failed)
        {
            if (row.RejectReasons[0].StartsWith(TrajectoryRows.NoBlueprint, StringComparison.Ordinal))
                _noBlueprint++;
            else
                _failed++;
        }
        else if (row.Status == RowStatus.Undecided)
        {
            _undecided[First(row.UndecidedReasons) ?? Stages.Length - 1]++;
        }
        else if (First(row.RejectReasons) is { } stage)
        {
            _lost[stage]++;
        }
        else
        {
            _other++;
        }
    }

    public ImmutableArray<FunnelStep> Steps()
    {
        var left = planned;
        var steps = ImmutableArray.CreateBuilder<FunnelStep>();
        steps.Add(new("planned", left, 0));
        if (_rows < planned)
            steps.Add(new("begun", left = _rows, 0));
        steps.Add(new("blueprint valid", left -= _noBlueprint, 0));
        steps.Add(new("dialogue finished", left -= _failed, 0));
        if (_other > 0)
            steps.Add(new("not quarantined", left -= _other, 0));
        for (var i = 0; i < Stages.Length; i++)
        {
            // Few runs have their tasks judged, ask for the benchmark's conditions, or limit needless reads.
            if (Stages[i] is not (Committee.BlueprintStage or TauBenchOutcome.Stage or Efficiency) || _lost[i] + _undecided[i] > 0)
                steps.Add(new(Stages[i], left -= _lost[i], _undecided[i]));
        }

        steps.Add(new("decided", left -= _undecided.Sum(), 0));
        steps.Add(new("accepted", left, 0));
        return steps.ToImmutable();
    }

    private static int? First(IReadOnlyList<string> reasons)
    {
        int? first = null;
        foreach (var reason in reasons)
        {
            var stage = reason.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? Array.IndexOf(Stages, reason[..dot]) : -1;
            if (stage >= 0 && (first is null || stage < first))
                first = stage;
        }

        return first;
    }
}
