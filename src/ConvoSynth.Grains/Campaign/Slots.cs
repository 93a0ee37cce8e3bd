namespace ConvoSynth.Grains;

/// <summary>What a partition could use and what it has.</summary>
/// <param name="InFlight">Dialogues under way.</param>
/// <param name="Wanted">Those, and the ones that are still to begin.</param>
internal readonly record struct SlotNeed(int InFlight, long Wanted);

/// <summary>Shares the dialogues that may be in flight among the partitions of a campaign, so that those that end leave theirs to the others.</summary>
internal static class Slots
{
    /// <param name="slots">In all.</param>
    /// <param name="shares">Among how many the slots are split before what is left over is given out.</param>
    /// <param name="needs">Of the partitions under way, in order.</param>
    /// <returns>The slots of each. With what is in flight beyond its slots somewhere, never more than <paramref name="slots"/>.</returns>
    public static int[] Share(int slots, int shares, IReadOnlyList<SlotNeed> needs)
    {
        var fair = Math.Max(1, slots / Math.Max(1, shares));
        var grants = new int[needs.Count];
        var left = slots;
        for (var i = 0; i < grants.Length; i++) left -= grants[i] = (int)Math.Min(Math.Min(fair, left), needs[i].Wanted);
        for (var i = 0; i < grants.Length && left > 0; i++)
        {
            var more = (int)Math.Min(left, needs[i].Wanted - grants[i]);
            grants[i] += more;
            left -= more;
        }

        // What ends in one partition is free for another only when it has ended.
        var over = -slots;
        for (var i = 0; i < grants.Length; i++) over += Math.Max(grants[i], needs[i].InFlight);
        for (var i = grants.Length - 1; i >= 0 && over > 0; i--)
        {
            var less = Math.Min(over, Math.Max(0, grants[i] - needs[i].InFlight));
            grants[i] -= less;
            over -= less;
        }

        return grants;
    }
}
