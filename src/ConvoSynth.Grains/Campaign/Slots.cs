namespace ConvoSynth.Grains;

/// <summary>What a partition could use and what it has.</summary>
/// <param name="Held">Dialogues that may be under way by now.</param>
/// <param name="Wanted">Those under way, and the ones that are still to begin; at least <paramref name="Held"/>.</param>
internal readonly record struct SlotNeed(int Held, long Wanted);

/// <summary>
/// Shares the dialogues that may be in flight among the partitions of a campaign: the first takes what it can use, the next what that leaves. So
/// indexes begin in their order, as a list scheduler begins them, and a slot that one partition has no more use for is the next one's at once.
/// </summary>
internal static class Slots
{
    /// <param name="slots">In all.</param>
    /// <param name="needs">Of the partitions under way, in order.</param>
    /// <returns>The slots of each, at least those that it holds. Together never more than <paramref name="slots"/>, unless that many are held.</returns>
    public static int[] Share(int slots, IReadOnlyList<SlotNeed> needs)
    {
        var left = slots;
        foreach (var need in needs)
            left -= need.Held;
        var grants = new int[needs.Count];
        for (var i = 0; i < grants.Length; i++)
        {
            var more = (int)Math.Clamp(needs[i].Wanted - needs[i].Held, 0, Math.Max(0, left));
            grants[i] = needs[i].Held + more;
            left -= more;
        }

        return grants;
    }
}
