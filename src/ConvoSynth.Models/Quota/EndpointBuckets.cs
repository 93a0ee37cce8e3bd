using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// An endpoint's quota of requests and tokens, as the two buckets from which blocks are leased. One process or the cluster owns it. Not
/// thread-safe.
/// </summary>
/// <param name="now">The present time in seconds, on the clock of every later call.</param>
public sealed class EndpointBuckets(EndpointSpec spec, QuotaOptions options, double now)
{
    // Polling faster than a timer's resolution gains nothing; polling more slowly lets the buckets overflow.
    private const double Soonest = 0.005;
    private const double Latest = 1;

    private readonly TokenBucket? _requests = spec.RequestsPerMinute is { } requests
        ? new(requests * options.Share, options.CapacitySeconds, now)
        : null;
    private readonly TokenBucket? _tokens = spec.TokensPerMinute is { } tokens
        ? new(tokens * options.Share, options.CapacitySeconds, now)
        : null;

    /// <summary>Leases up to the requested amounts; never waits, may return 0.</summary>
    public QuotaBlock Lease(int requests, long tokens, double now)
    {
        var granted = (Requests: _requests?.TakeUpTo(requests, now) ?? requests, Tokens: _tokens?.TakeUpTo(tokens, now) ?? tokens);
        var wait = Math.Max(_requests?.Until(requests - granted.Requests, now) ?? 0, _tokens?.Until(tokens - granted.Tokens, now) ?? 0);
        return new((int)granted.Requests, granted.Tokens, TimeSpan.FromSeconds(Math.Clamp(wait, Soonest, Latest)));
    }
}
