namespace ConvoSynth.Models.Quota;

/// <summary>
/// How long leases last. A holder drops an answer that takes longer than <see cref="Late"/>, and uses a lease for <see cref="Held"/> from
/// the moment of its call. The owner counts the lease for the sum of both from its answer, so it never counts one shorter than its holder
/// does. Both use their own monotonic clocks, which may differ by a few per mille.
/// </summary>
/// <param name="Held">Seconds from the holder's call.</param>
/// <param name="Late">Seconds that an answer may take.</param>
public sealed record LeaseTimes(double Held, double Late)
{
    /// <summary>
    /// For several processes: 4 s, counted for 5 s. A new owner grants nothing for these 5 s, since leases of an earlier owner may live.
    /// </summary>
    public static LeaseTimes Cluster { get; } = new(4, 1);

    /// <summary>
    /// For the only process: leases do not end, and a new owner grants at once. This is safe because holder and owner live and die
    /// together, and one holder's own count of requests in flight survives an owner that is activated again. So a process that stalls or
    /// sleeps abandons no request.
    /// </summary>
    public static LeaseTimes OnlyProcess { get; } = new(double.PositiveInfinity, 5);

    /// <summary>Seconds for which an owner counts a lease, and for which a new owner grants nothing.</summary>
    public double Counted => Held + Late;

    /// <summary>Whether leases end.</summary>
    public bool End => double.IsFinite(Held);
}
