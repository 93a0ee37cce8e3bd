using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Tests;

internal static class TestPacks
{
    private static readonly Lazy<Pack> LoadedLoans = new(() => PackLoading.Load(Path.Combine(AppContext.BaseDirectory, "packs", "loans")));

    /// <summary>
    /// The small pack of these tests: members M1 (Ames, fines 4.50) and M2 (Boyd, fines 12.00), loans L1001-L1003 and L2001, titles T501
    /// and T502.
    /// </summary>
    public static Pack Loans => LoadedLoans.Value;

    /// <summary>The folder of a shipped pack.</summary>
    public static string Shipped(string name) => RepositoryRoot.At("blueprints", name);
}

/// <summary>A test on real data in the folder that the environment variable CONVOSYNTH_CHECK_DATA names; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataFactAttribute : FactAttribute
{
    public const string Variable = "CONVOSYNTH_CHECK_DATA";

    public RealDataFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
            Skip = $"{Variable} names no folder of real data";
    }

    public static string PathTo(params string[] parts) => Path.Combine([Environment.GetEnvironmentVariable(Variable)!, .. parts]);
}
