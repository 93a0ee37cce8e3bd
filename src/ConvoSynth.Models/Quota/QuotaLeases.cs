using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>A piece of an endpoint's quota.</summary>
/// <param name="Requests">Requests granted, from 0 to what was asked for.</param>
/// <param name="Tokens">Tokens granted, from 0 to what was asked for.</param>
/// <param name="AskAgain">When the rest may be there; where all was granted it means nothing.</param>
public sealed record QuotaBlock(int Requests, long Tokens, TimeSpan AskAgain);

/// <summary>
/// Where a process gets an endpoint's quota from, block by block: its own clock where it is alone, and whoever divides the quota where several processes share it.
/// A block is spent once it is granted; what is settled back stays with the process that had it.
/// </summary>
public interface IQuotaLeases
{
    /// <summary>Asks for quota. It never waits for any: it grants what there is.</summary>
    /// <param name="requests">Wanted, from 0.</param>
    /// <param name="tokens">Wanted, from 0.</param>
    ValueTask<QuotaBlock> Lease(string endpoint, int requests, long tokens, CancellationToken cancellationToken);
}

/// <summary>How much quota may gather while nobody takes any.</summary>
public sealed record QuotaOptions
{
    /// <summary>
    /// What gathers, in seconds of refill. A server whose own bucket holds one second of refill sees no more than that at once, since a process keeps as much
    /// again as <see cref="BlockSeconds"/>.
    /// </summary>
    /// <value>0.5 by default; above 0, at most 60.</value>
    public double CapacitySeconds { get; init; } = 0.5;

    /// <summary>What a process takes for itself at once beyond what is waited for, in seconds of refill.</summary>
    /// <value>0.1 by default; from 0.01 to <see cref="CapacitySeconds"/>.</value>
    public double BlockSeconds { get; init; } = 0.1;

    /// <summary>
    /// The share of the limit that is used. How many tokens a prompt has is an estimate until the answer is there: a server whose bucket has nothing to spare turns
    /// down each request that was estimated too low.
    /// </summary>
    /// <value>0.985 by default; from 0.5 to 1.</value>
    public double Share { get; init; } = 0.985;

    /// <summary>What is wrong with it, as a sentence; null where it is sound.</summary>
    public string? Problem() =>
        CapacitySeconds is not (> 0 and <= 60) ? $"the quota's capacity is {CapacitySeconds} s of refill; it must be above 0 and at most 60"
        : Share is not (>= 0.5 and <= 1) ? $"the share of the quota that is used is {Share}; it must be from 0.5 to 1"
        : BlockSeconds < 0.01 || BlockSeconds > CapacitySeconds || double.IsNaN(BlockSeconds)
            ? $"a block of quota is {BlockSeconds} s of refill; it must be from 0.01 to the capacity of {CapacitySeconds}"
        : null;
}
