namespace ConvoSynth.Grains.Campaign;

/// <summary>The permits that a partition holds and could use.</summary>
/// <param name="Held">Dialogues that may be in flight at this moment.</param>
/// <param name="Wanted">Dialogues in flight plus those still to begin; at least <paramref name="Held"/>.</param>
internal readonly record struct PermitNeed(int Held, long Wanted);

/// <summary>
/// Shares the permits for dialogues in flight among the partitions of a campaign: the first takes what it can use, the next what remains.
/// So indexes begin in order, as under a list scheduler. A permit that an earlier partition no longer needs moves on at once.
/// </summary>
internal static class Permits
{
    /// <param name="permits">Permits in total.</param>
    /// <param name="needs">Of the active partitions, in order.</param>
    /// <returns>
    /// Permits per partition, at least what it holds. The sum exceeds <paramref name="permits"/> only if more are already held.
    /// </returns>
    public static int[] Share(int permits, IReadOnlyList<PermitNeed> needs)
    {
        var left = permits;
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
