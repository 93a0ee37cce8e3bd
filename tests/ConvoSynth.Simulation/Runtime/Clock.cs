namespace ConvoSynth.Simulation.Runtime;

/// <summary>Arithmetic on the timestamps of a <see cref="TimeProvider"/>.</summary>
internal static class Clock
{
    /// <summary>
    /// The timestamp <paramref name="wait"/> after another; <see cref="long.MaxValue"/> for an infinite wait or on overflow.
    /// </summary>
    public static long After(TimeProvider time, long timestamp, TimeSpan wait)
    {
        if (wait == Timeout.InfiniteTimeSpan)
            return long.MaxValue;
        var ticks = wait.TotalSeconds * time.TimestampFrequency;
        return ticks >= long.MaxValue - timestamp ? long.MaxValue : timestamp + (long)Math.Ceiling(ticks);
    }
}
