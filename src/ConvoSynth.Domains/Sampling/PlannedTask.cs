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

    public int Branches { get; set; }

    /// <summary>How many answers are computed from several values.</summary>
    public int Computed { get; set; }

    /// <summary>The goals' share of a blueprint's depth.</summary>
    public int Depth => Branches + Computed + ClausesHeld.Count + ClausesBroken.Count;
}
