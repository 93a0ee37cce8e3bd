namespace ConvoSynth.Simulation;

/// <summary>How many mishaps of each kind may still happen.</summary>
internal sealed class Budgets(int each)
{
    public int Deaths { get; set; } = each;

    public int Crashes { get; set; } = each;

    public int Forgettings { get; set; } = each;

    public int SiloDeaths { get; set; } = each;

    public int Locks { get; set; } = each;

    /// <summary>Path → the time until which a suspended process holds its lock.</summary>
    public Dictionary<string, long> HeldUntil { get; } = new(StringComparer.Ordinal);

    public int Stops { get; set; } = each;

    public int StorageErrors { get; set; } = each;

    public int LateStorageErrors { get; set; } = each;

    public int LateObjects { get; set; } = each;

    public int FullDisks { get; set; } = 1;
}
