using System.Text.Json.Serialization;

namespace ConvoSynth.Verification.Judges;

/// <summary>A share with its 95 % interval after Wilson (Journal of the American Statistical Association 22, 1927).</summary>
public sealed record Proportion(long Hits, long Of)
{
    private const double Z = 1.959964;

    /// <summary>Null without a case.</summary>
    public double? Share => Of == 0 ? null : Rounded((double)Hits / Of);

    /// <summary>The lower end; 0 without a case.</summary>
    public double Low => Of == 0 ? 0 : Rounded(Math.Max(0, Middle - Half));

    /// <summary>The upper end; 1 without a case.</summary>
    public double High => Of == 0 ? 1 : Rounded(Math.Min(1, Middle + Half));

    [JsonIgnore]
    private double Middle => (Hits + (Z * Z / 2)) / (Of + (Z * Z));

    [JsonIgnore]
    private double Half => Z / (Of + (Z * Z)) * Math.Sqrt(((double)Hits * (Of - Hits) / Of) + (Z * Z / 4));

    private static double Rounded(double share) => Math.Round(share, 4);
}
