namespace ConvoSynth.Grains;

/// <summary>What a partition could use and what it has.</summary>
/// <param name="InFlight">Dialogues under way.</param>
/// <param name="Wanted">Those, and the ones that are still to begin.</param>
internal readonly record struct SlotNeed(int InFlight, long Wanted);

/// <summary>
/// Shares the dialogues that may be in flight among the partitions of a campaign: the first takes what it can use, the next what that leaves. So
/// indexes begin in their order, as a list scheduler begins them, and a slot that one partition has no more use for is the next one's at once.
/// </summary>
internal static class Slots
{
    /// <param name="slots">In all.</param>
    /// <param name="needs">Of the partitions under way, in order.</param>
    /// <returns>The slots of each. With what is in flight beyond its slots somewhere, never more than <paramref name="slots"/>.</returns>
    public static int[] Share(int slots, IReadOnlyList<SlotNeed> needs)
    {
        // What is in flight keeps its slot until it has ended.
        var left = slots;
        foreach (var need in needs) left -= need.InFlight;
        var grants = new int[needs.Count];
        for (var i = 0; i < grants.Length; i++)
        {
            var more = (int)Math.Clamp(needs[i].Wanted - needs[i].InFlight, 0, Math.Max(0, left));
            grants[i] = needs[i].InFlight + more;
            left -= more;
        }

        return grants;
    }
}
