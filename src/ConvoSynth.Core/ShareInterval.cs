namespace ConvoSynth.Core;

/// <summary>
/// Wilson's interval of a share: unlike the normal approximation it stays between 0 and 1 and holds for few cases. Source: E. B. Wilson,
/// Probable inference, the law of succession, and statistical inference, 1927.
/// </summary>
public static class ShareInterval
{
    // The two-sided 95 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The interval at 95 %.</summary>
    /// <param name="hits">From 0 to <paramref name="of"/>.</param>
    /// <param name="of">0 gives the whole range.</param>
    public static (double Low, double High) Wilson(long hits, long of)
    {
        if (of == 0)
            return (0, 1);
        var p = (double)hits / of;
        var centre = (p + (Z * Z / (2 * of))) / (1 + (Z * Z / of));
        var half = Z / (1 + (Z * Z / of)) * Math.Sqrt((p * (1 - p) / of) + (Z * Z / (4.0 * of * of)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
