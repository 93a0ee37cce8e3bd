namespace ConvoSynth.Core.Campaigns;

/// <summary>Limits of a run, summed over all resumes. Near a limit no further dialogue begins; those in flight end.</summary>
public sealed record Budget
{
    /// <summary>US dollars.</summary>
    /// <value>Null by default: no limit.</value>
    public decimal? Cost { get; init; }

    /// <summary>Input and output tokens.</summary>
    /// <value>Null by default: no limit.</value>
    public long? Tokens { get; init; }

    /// <summary>Wall time of this process.</summary>
    /// <value>Null by default: no limit.</value>
    public TimeSpan? Duration { get; init; }

    public bool IsNone => Cost is null && Tokens is null && Duration is null;

    /// <returns>The first problem, as a sentence that names the value; null if there is none.</returns>
    public string? Problem()
    {
        if (Cost <= 0)
            return $"the limit on cost is {Cost}; it must be above 0";
        if (Tokens <= 0)
            return $"the limit on tokens is {Tokens}; it must be above 0";
        return Duration <= TimeSpan.Zero ? $"the limit on the duration is {Duration}; it must be above 0" : null;
    }
}

/// <summary>Cost of the written rows.</summary>
/// <param name="Indexes">Number of these indexes: all below the first unwritten one, so that the mean includes the slow ones.</param>
public readonly record struct Spending(decimal Cost, long Tokens, long Indexes)
{
    public static Spending operator +(Spending a, Spending b) => new(a.Cost + b.Cost, a.Tokens + b.Tokens, a.Indexes + b.Indexes);
}
