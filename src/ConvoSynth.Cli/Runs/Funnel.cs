using System.Collections.Immutable;
using ConvoSynth.Grains;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Cli.Runs;

/// <summary>A step from the plan to the accepted rows.</summary>
/// <param name="Step">Its name; of verification, the stage.</param>
/// <param name="Left">Indexes that are left after it.</param>
/// <param name="Undecided">Of those that went here, how many only because nobody could tell.</param>
public sealed record FunnelStep(string Step, long Left, long Undecided);

/// <summary>Counts where the indexes of a run went: each at the first step that did not let it through.</summary>
internal sealed class Funnel(long planned)
{
    // In the order in which a dialogue meets them.
    private static readonly string[] Stages = ["format", "replay", "environment", "outcome", "policy", "procedure", "claims", "grounding", "human", "conversation", "committee"];

    private const string Undecided = "undecided:";

    private readonly long[] _lost = new long[Stages.Length];
    private readonly long[] _undecided = new long[Stages.Length];
    private long _rows;
    private long _noBlueprint;
    private long _failed;
    private long _other;

    /// <summary>Takes an index's own row.</summary>
    public void Count(ShardRow row)
    {
        _rows++;
        if (row.Status == RowStatus.Accepted) return;
        if (row.Status == RowStatus.Failed)
        {
            if (row.RejectReasons[0].StartsWith(DialogueGrain.NoBlueprint, StringComparison.Ordinal)) _noBlueprint++;
            else _failed++;
            return;
        }

        var first = Stages.Length;
        var undecided = true;
        foreach (var reason in row.RejectReasons)
        {
            var isUndecided = reason.StartsWith(Undecided, StringComparison.Ordinal);
            undecided &= isUndecided;
            var name = isUndecided ? reason.AsSpan(Undecided.Length) : reason;
            var stage = name.IndexOf('.') is > 0 and var dot ? Array.IndexOf(Stages, name[..dot].ToString()) : -1;
            if (stage >= 0) first = Math.Min(first, stage);
        }

        if (first == Stages.Length)
        {
            _other++;
            return;
        }

        _lost[first]++;
        if (undecided) _undecided[first]++;
    }

    public ImmutableArray<FunnelStep> Steps()
    {
        var left = planned;
        var steps = ImmutableArray.CreateBuilder<FunnelStep>();
        steps.Add(new("planned", left, 0));
        if (_rows < planned) steps.Add(new("begun", left = _rows, 0));
        steps.Add(new("blueprint valid", left -= _noBlueprint, 0));
        steps.Add(new("dialogue finished", left -= _failed, 0));
        if (_other > 0) steps.Add(new("not quarantined", left -= _other, 0));
        for (var i = 0; i < Stages.Length; i++) steps.Add(new(Stages[i], left -= _lost[i], _undecided[i]));
        steps.Add(new("accepted", left, 0));
        return steps.ToImmutable();
    }
}
