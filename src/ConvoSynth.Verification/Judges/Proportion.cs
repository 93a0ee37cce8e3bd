using ConvoSynth.Core;

namespace ConvoSynth.Verification.Judges;

/// <summary>A share with its 95 % interval, each to four decimals.</summary>
public sealed record Proportion(long Hits, long Of)
{
    /// <summary>Null without a case.</summary>
    public double? Share => Of == 0 ? null : Rounded((double)Hits / Of);

    /// <summary>The lower end; 0 without a case.</summary>
    public double Low => Rounded(ShareInterval.Wilson(Hits, Of).Low);

    /// <summary>The upper end; 1 without a case.</summary>
    public double High => Rounded(ShareInterval.Wilson(Hits, Of).High);

    private static double Rounded(double share) => Math.Round(share, 4);
}
