using ConvoSynth.Models;

namespace ConvoSynth.Endpoint;

/// <summary>What a bucket held when it was looked at, for the <c>x-ratelimit-*</c> headers.</summary>
/// <param name="Limit">A minute's refill.</param>
/// <param name="Full">Seconds until it is full again.</param>
internal readonly record struct Remaining(double Limit, double Left, double Full);

/// <summary>Whether a request may come in.</summary>
/// <param name="Refused">Null where it may; else <c>requests</c> or <c>tokens</c>, whichever is short for longer.</param>
/// <param name="RetryAfter">Seconds until it may, where nobody else comes; null where it never may, being more than the bucket holds.</param>
internal readonly record struct Admission(string? Refused, double? RetryAfter, Remaining? Requests, Remaining? Tokens);

/// <summary>How far a quota was used.</summary>
/// <param name="Seconds">Since the first request that was let in.</param>
/// <param name="Used">Charged less what was given back.</param>
internal readonly record struct QuotaUse(double PerMinute, double Used, double Seconds)
{
    /// <summary>The share of the refill since the first request that was used.</summary>
    public double Utilization => Seconds > 0 ? Used / (PerMinute / 60 * Seconds) : 0;
}

/// <summary>
/// Requests and tokens a minute. A request is charged when it comes in with all that it may use, and settled when it has ended; one that either
/// bucket cannot pay is charged nothing.
/// </summary>
internal sealed class Quota(EndpointOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly TokenBucket? _requests = BucketOf(options.RequestsPerMinute, options.QuotaCapacity);
    private readonly TokenBucket? _tokens = BucketOf(options.TokensPerMinute, options.QuotaCapacity);
    private double? _first;

    public bool Limits => _requests is not null || _tokens is not null;

    public Admission TryEnter(long tokens)
    {
        if (!Limits)
            return default;
        lock (_lock)
        {
            var now = Now();
            var refused = Refuse(tokens, now);
            if (refused.Refused is null)
            {
                _first ??= now;
                _requests?.Take(1, now);
                _tokens?.Take(tokens, now);
            }

            return refused with
            {
                Requests = Look(_requests, now),
                Tokens = Look(_tokens, now),
            };
        }
    }

    /// <summary>Gives back what was charged too much.</summary>
    public void Settle(long charged, long used)
    {
        if (_tokens is null || charged == used)
            return;
        lock (_lock)
            _tokens.Take(used - charged, Now());
    }

    public (QuotaUse? Requests, QuotaUse? Tokens) Use()
    {
        lock (_lock)
        {
            var seconds = _first is { } first ? Now() - first : 0;
            return (UseOf(_requests, seconds), UseOf(_tokens, seconds));
        }
    }

    private Admission Refuse(long tokens, double now)
    {
        if (_tokens is not null && tokens > _tokens.Capacity)
            return new("tokens", null, null, null);
        var forRequest = _requests?.Until(1, now) ?? 0;
        var forTokens = _tokens?.Until(tokens, now) ?? 0;
        if (forRequest <= 0 && forTokens <= 0)
            return default;
        return forRequest >= forTokens ? new("requests", forRequest, null, null) : new("tokens", forTokens, null, null);
    }

    private double Now() => time.GetElapsedTime(_start).TotalSeconds;

    private static Remaining? Look(TokenBucket? bucket, double now) =>
        bucket is null ? null : new(bucket.PerSecond * 60, Math.Max(0, bucket.Level(now)), bucket.Until(bucket.Capacity, now));

    private static QuotaUse? UseOf(TokenBucket? bucket, double seconds) =>
        bucket is null ? null : new(bucket.PerSecond * 60, bucket.Used, seconds);

    private static TokenBucket? BucketOf(double? perMinute, double seconds) => perMinute is { } rate ? new(rate, seconds, now: 0) : null;
}
