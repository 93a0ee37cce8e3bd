namespace ConvoSynth.Models.Quota;

/// <summary>How much unused quota may accumulate, and how it is divided.</summary>
public sealed record QuotaOptions
{
    /// <summary>
    /// The capacity of the buckets, in seconds of refill. For requests, unspent blocks on lease count towards it. At the defaults, the
    /// requests of any minute therefore stay within the limit: 0.5 s and 60 s of refill at the share of 0.985.
    /// </summary>
    /// <value>0.5 by default; above 0, at most 60.</value>
    public double CapacitySeconds { get; init; } = 0.5;

    /// <summary>How much a process leases beyond the need of its waiting requests, in seconds of refill.</summary>
    /// <value>0.1 by default; from 0.01 to <see cref="CapacitySeconds"/>.</value>
    public double BlockSeconds { get; init; } = 0.1;

    /// <summary>
    /// The share of the limit that is used. A prompt's tokens are an estimate until the answer arrives. A server without spare capacity
    /// refuses each request that was estimated too low.
    /// </summary>
    /// <value>0.985 by default; from 0.5 to 1.</value>
    public double Share { get; init; } = 0.985;

    /// <summary>What is wrong with the options, as a sentence; null if they are valid.</summary>
    public string? Problem() =>
        CapacitySeconds is not (> 0 and <= 60) ? $"the quota's capacity is {CapacitySeconds} s of refill; it must be above 0 and at most 60"
        : Share is not (>= 0.5 and <= 1) ? $"the share of the quota that is used is {Share}; it must be from 0.5 to 1"
        : BlockSeconds < 0.01 || BlockSeconds > CapacitySeconds || double.IsNaN(BlockSeconds)
            ? $"a block of quota is {BlockSeconds} s of refill; it must be from 0.01 to the capacity of {CapacitySeconds}"
        : null;
}
