using ConvoSynth.Models.Quota;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Quotas;

/// <summary>State of a bucket for the <c>x-ratelimit-*</c> headers.</summary>
/// <param name="Limit">A minute's refill.</param>
/// <param name="Full">Seconds until the bucket is full again.</param>
internal readonly record struct Remaining(double Limit, double Left, double Full);

/// <summary>Whether a request is admitted.</summary>
/// <param name="Refused">Null if admitted; otherwise <c>requests</c> or <c>tokens</c>, the quota that stays short for longer.</param>
/// <param name="RetryAfter">
/// Seconds until the quota suffices, if no other request takes it; null if the request exceeds the bucket's capacity and can never be
/// admitted.
/// </param>
internal readonly record struct Admission(string? Refused, double? RetryAfter, Remaining? Requests, Remaining? Tokens);

/// <summary>Use of a quota.</summary>
/// <param name="Seconds">Since the first admitted request.</param>
/// <param name="Used">Charged amount minus refunds.</param>
internal readonly record struct QuotaUse(double PerMinute, double Used, double Seconds)
{
    /// <summary>Share of the refill since the first admitted request that was used.</summary>
    public double Utilization => Seconds > 0 ? Used / (PerMinute / 60 * Seconds) : 0;
}

/// <summary>
/// Quota of requests and tokens per minute. A request is charged its maximum on arrival and settled when it ends; a request that either
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

    /// <summary>Refunds the unused part of a charge.</summary>
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
