namespace ConvoSynth.Models.Quota;

/// <summary>
/// Splits permits max-min fairly: each demand up to an equal share is met, and what small demands leave goes to the large ones.
/// </summary>
public static class PermitSplit
{
    /// <param name="demands">In a fixed order.</param>
    /// <param name="turn">Rotates who gets the permits that do not divide evenly.</param>
    public static int[] Of(int permits, IReadOnlyList<int> demands, long turn)
    {
        var shares = new int[demands.Count];
        List<int> open = [.. Enumerable.Range(0, demands.Count).Where(i => demands[i] > 0)];
        while (permits > 0 && open.Count > 0)
        {
            var each = permits / open.Count;
            if (each == 0)
            {
                for (var i = 0; i < permits; i++)
                    shares[open[(int)((turn + i) % open.Count)]]++;
                break;
            }

            foreach (var i in open)
            {
                var more = Math.Min(each, demands[i] - shares[i]);
                shares[i] += more;
                permits -= more;
            }

            open.RemoveAll(i => shares[i] >= demands[i]);
        }

        return shares;
    }
}
