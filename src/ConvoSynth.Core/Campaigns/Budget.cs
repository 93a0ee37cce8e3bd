namespace ConvoSynth.Core;

/// <summary>What a run may take, over all the times that it is gone on with. What is in flight when a limit comes near ends; nothing more begins.</summary>
public sealed record Budget
{
    /// <summary>US dollars.</summary>
    /// <value>Null by default: no limit.</value>
    public decimal? Cost { get; init; }

    /// <summary>Input and output tokens.</summary>
    /// <value>Null by default: no limit.</value>
    public long? Tokens { get; init; }

    /// <summary>Wall time of this process's work.</summary>
    /// <value>Null by default: no limit.</value>
    public TimeSpan? Duration { get; init; }

    public bool IsNone => Cost is null && Tokens is null && Duration is null;

    /// <summary>The first thing that is wrong with it, as a sentence that names the value; null where it is sound.</summary>
    public string? Problem()
    {
        if (Cost <= 0)
            return $"the limit on cost is {Cost}; it must be above 0";
        if (Tokens <= 0)
            return $"the limit on tokens is {Tokens}; it must be above 0";
        return Duration <= TimeSpan.Zero ? $"the limit on the duration is {Duration}; it must be above 0" : null;
    }
}

/// <summary>What rows that are written took.</summary>
/// <param name="Indexes">How many indexes these are: all below the first that is not written, so that slow ones are not left out of the mean.</param>
public readonly record struct Spending(decimal Cost, long Tokens, long Indexes)
{
    public static Spending operator +(Spending a, Spending b) => new(a.Cost + b.Cost, a.Tokens + b.Tokens, a.Indexes + b.Indexes);
}
