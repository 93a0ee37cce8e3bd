using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Sampling;

/// <summary>What a goal has gathered on the way to its request.</summary>
/// <param name="First">The plan's first action for this goal.</param>
internal sealed record GoalDraft(int First)
{
    public List<Alternative> Alternatives { get; } = [];

    public List<Fact> Facts { get; } = [];

    public List<string> Because { get; } = [];

    /// <summary>Marks the branch that was taken and is refused; of a first choice, no branch is taken yet.</summary>
    public void Refuse(string reason)
    {
        var at = Alternatives.FindLastIndex(a => a.Taken);
        if (at < 0)
            at = Alternatives.Count - 1;
        Alternatives[at] = Alternatives[at] with { Because = reason };
    }
}
