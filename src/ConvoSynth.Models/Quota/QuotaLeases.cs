using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>A granted block of an endpoint's quota.</summary>
/// <param name="Requests">Requests granted, from 0 to the requested number.</param>
/// <param name="Tokens">Tokens granted, from 0 to the requested number.</param>
/// <param name="AskAgain">When the rest may be available; meaningless if all was granted.</param>
public sealed record QuotaBlock(int Requests, long Tokens, TimeSpan AskAgain);

/// <summary>
/// The source of an endpoint's quota, block by block. A single process owns it; with several, a shared owner divides it among them. A
/// granted block counts as spent; settled-back quota stays with the process that leased it.
/// </summary>
public interface IQuotaLeases
{
    /// <summary>Leases up to the requested amounts; never waits, may return 0.</summary>
    /// <param name="requests">The number wanted, at least 0.</param>
    /// <param name="tokens">The number wanted, at least 0.</param>
    ValueTask<QuotaBlock> Lease(string endpoint, int requests, long tokens, CancellationToken cancellationToken);
}

/// <summary>How much unused quota may accumulate, and how it is divided.</summary>
public sealed record QuotaOptions
{
    /// <summary>
    /// The capacity of the buckets, in seconds of refill. A process holds a further block of <see cref="BlockSeconds"/>. At the
    /// defaults, a server whose own bucket holds one second of refill therefore sees no larger burst.
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
