using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// An endpoint's quota of requests and tokens as the two buckets from which blocks are leased, for whoever keeps it: one process, or the cluster. Not thread-safe.
/// </summary>
/// <param name="now">The clock's now in seconds, as in every later call.</param>
public sealed class EndpointBuckets(EndpointSpec spec, QuotaOptions options, double now)
{
    // Asking oftener than a timer ticks brings nothing; asking seldomer lets the buckets overflow.
    private const double Soonest = 0.005;
    private const double Latest = 1;

    private readonly TokenBucket? _requests = spec.RequestsPerMinute is { } requests
        ? new(requests * options.Share, options.CapacitySeconds, now)
        : null;
    private readonly TokenBucket? _tokens = spec.TokensPerMinute is { } tokens
        ? new(tokens * options.Share, options.CapacitySeconds, now)
        : null;

    /// <summary>What there is of what is wanted.</summary>
    public QuotaBlock Lease(int requests, long tokens, double now)
    {
        var granted = (Requests: _requests?.TakeUpTo(requests, now) ?? requests, Tokens: _tokens?.TakeUpTo(tokens, now) ?? tokens);
        var wait = Math.Max(_requests?.Until(requests - granted.Requests, now) ?? 0, _tokens?.Until(tokens - granted.Tokens, now) ?? 0);
        return new((int)granted.Requests, granted.Tokens, TimeSpan.FromSeconds(Math.Clamp(wait, Soonest, Latest)));
    }
}
