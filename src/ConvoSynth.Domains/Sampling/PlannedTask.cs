using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Sampling;

/// <summary>What the goals of a task have come to, in the order of the plan.</summary>
internal sealed class PlannedTask
{
    public List<Fact> Facts { get; } = [];

    public List<Request> Requests { get; } = [];

    public List<ExpectedOutput> Outputs { get; } = [];

    public List<ExpectedRefusal> Refusals { get; } = [];

    /// <summary>Writes that a wrong branch or a broken guard would have made.</summary>
    public List<PlannedWrite> WrongWrites { get; } = [];

    public SortedSet<string> ClausesHeld { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> ClausesBroken { get; } = new(StringComparer.Ordinal);

    /// <summary>Adapts all indexes of actions to a plan without these.</summary>
    /// <param name="dropped">In rising order.</param>
    public void Without(IReadOnlyList<int> dropped)
    {
        for (var i = 0; i < Outputs.Count; i++)
            Outputs[i] = Outputs[i] with { GroundedBy = Outputs[i].GroundedBy - dropped.Count(d => d <= Outputs[i].GroundedBy) };
        for (var i = 0; i < Refusals.Count; i++)
            Refusals[i] = Refusals[i] with { GroundedBy = Refusals[i].GroundedBy - dropped.Count(d => d <= Refusals[i].GroundedBy) };
        for (var i = 0; i < Requests.Count; i++)
        {
            var (first, end) = (Requests[i].FirstAction, Requests[i].FirstAction + Requests[i].ActionCount);
            Requests[i] = Requests[i] with
            {
                FirstAction = first - dropped.Count(d => d < first),
                ActionCount = Requests[i].ActionCount - dropped.Count(d => d >= first && d < end),
            };
        }
    }

    public int Branches { get; set; }

    /// <summary>How many answers are computed from several values.</summary>
    public int Computed { get; set; }

    /// <summary>The goals' share of a blueprint's depth.</summary>
    public int Depth => Branches + Computed + ClausesHeld.Count + ClausesBroken.Count;
}
