namespace ConvoSynth.Models.Quota;

/// <summary>
/// Owns an account: its buckets of requests and tokens, its permits of requests in flight, and its circuit. Leases all of it to holders, on
/// its own clock. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>Unused quota of a lease expires. A block is a tenth of a second of refill at most, and a call to return it could arrive twice or
/// late.</para>
/// <para>A new owner confirms what holders report, and grants nothing more before every lease of an earlier owner has ended.</para>
/// </remarks>
/// <param name="now">The present time in seconds, on the clock of every later call.</param>
public sealed class AccountOwner(QuotaOptions quota, CircuitOptions circuit, LeaseTimes times, double now)
{
    // Polling faster than a timer's resolution gains nothing; polling more slowly lets the buckets overflow.
    private const double Soonest = 0.005;
    private const double Latest = 1;

    // The pause of a holder whose share others still hold.
    private const double WhileHeld = 0.1;
    private const double ForPermits = 0.5;

    // How long a holder may keep the permits that do not divide evenly.
    private const double TurnSeconds = 2;

    private readonly double _opens = times.End ? now + times.Counted : now;
    private readonly SortedDictionary<string, Holder> _holders = new(StringComparer.Ordinal);
    private readonly AccountCircuit _circuit = new(circuit);
    private AccountLimits _limits = new();
    private TokenBucket? _requests;
    private TokenBucket? _tokens;

    /// <summary>Renews a holder's lease and grants up to what it wants; never waits.</summary>
    public Lease Lease(LeaseCall call, double now)
    {
        if (!_holders.TryGetValue(call.Holder, out var holder))
            _holders.Add(call.Holder, holder = new() { Call = call });
        else if (call.Number <= holder.Call.Number)
            return holder.Answer!;
        _circuit.Count(call.Answered - holder.Call.Answered, call.Failed - holder.Call.Failed, now);
        Refill(now);
        holder.Hear(call, now);
        foreach (var gone in _holders.Where(h => h.Value.HeardAt + times.Counted < now).Select(h => h.Key).ToArray())
            _holders.Remove(gone);
        SetLimits(now);
        var permits = Permits(holder, now);
        var (requests, tokens, wait) = now < _opens ? (0, 0L, _opens - now) : Quota(holder, now);
        var isAll = requests >= call.Requests && tokens >= call.Tokens;
        if (isAll)
            wait = permits < Math.Min(call.Demand, _limits.InFlight ?? int.MaxValue) ? ForPermits : 0;
        else
            wait = Math.Clamp(wait, Soonest, Latest);
        holder.Grant(permits, requests, tokens, isHungry: !isAll, now);
        var (state, openFor) = _circuit.For(call.Holder, call.Trial, now);
        return holder.Answer = new(requests, tokens, permits, TimeSpan.FromSeconds(wait), state, TimeSpan.FromSeconds(openFor));
    }

    // What holders may still send belongs to the moment before: bucket and unspent blocks together hold no more than the capacity.
    private void Refill(double now) => _requests?.Reserve(_holders.Values.Sum(h => h.Unspent), now);

    // Holders may state other limits, since runs have specs of their own; the strictest hold.
    private void SetLimits(double now)
    {
        var limits = _holders.Values.Select(h => h.Call.Limits).Aggregate((a, b) => a.And(b));
        _requests = Bucket(_requests, _limits.RequestsPerMinute, limits.RequestsPerMinute, now);
        _tokens = Bucket(_tokens, _limits.TokensPerMinute, limits.TokensPerMinute, now);
        _limits = limits;
        Refill(now);
    }

    private TokenBucket? Bucket(TokenBucket? old, double? before, double? perMinute, double now)
    {
        if (perMinute == before)
            return old;
        if (perMinute is not { } rate)
            return null;
        // A new owner begins empty when it opens, since the earlier one may have granted all that had refilled by then.
        var since = old is null ? _opens : Math.Max(now, _opens);
        var bucket = new TokenBucket(rate * quota.Share, quota.CapacitySeconds, since);
        if (old is not null || times.End)
            bucket.Take(bucket.Capacity - Math.Min(bucket.Capacity, old?.Level(now) ?? 0), since);
        return bucket;
    }

    private int Permits(Holder holder, double now)
    {
        if (_limits.InFlight is not { } limit)
            return int.MaxValue;
        if (now < _opens)
            return holder.Call.Permits;
        Holder[] all = [.. _holders.Values];
        var shares = PermitSplit.Of(limit, [.. all.Select(h => h.Call.Demand)], (long)(now / TurnSeconds));
        var spare = (limit - shares.Sum()) / all.Length;
        var others = all.Where(h => h != holder).Sum(h => (long)h.Permits);
        return (int)Math.Clamp(shares[Array.IndexOf(all, holder)] + spare, 0, Math.Max(0, limit - others));
    }

    private (int Requests, long Tokens, double Wait) Quota(Holder holder, double now)
    {
        var call = holder.Call;
        // Hungry holders that were served longer ago go first.
        var hungry = _holders.Values.Where(h => h != holder && h.IsHungry && h.HeardAt > now - Latest).ToArray();
        var ahead = hungry.Count(h => h.ServedAt < holder.ServedAt);
        var requests = Taken(_requests, call.Requests, hungry.Length, ahead, now);
        var tokens = Taken(_tokens, call.Tokens, hungry.Length, ahead, now);
        var wait = Math.Max(_requests?.Until(call.Requests - requests, now) ?? 0, _tokens?.Until(call.Tokens - tokens, now) ?? 0);
        return ((int)requests, tokens, hungry.Length > 0 || _requests is { Room: < 1 } ? Math.Max(wait, WhileHeld) : wait);
    }

    private static long Taken(TokenBucket? bucket, long wanted, int hungry, int ahead, double now)
    {
        if (bucket is null)
            return wanted;
        var available = bucket.TakeUpTo(long.MaxValue, now);
        var slice = Math.Max(1, available / (hungry + 1));
        var most = Math.Max(available - (slice * hungry), ahead * slice < available ? slice : 0);
        var taken = Math.Clamp(wanted, 0, Math.Min(most, available));
        bucket.Take(taken - available, now);
        return taken;
    }

    private sealed class Holder
    {
        /// <summary>The latest call by number.</summary>
        public required LeaseCall Call { get; set; }

        public Lease? Answer { get; set; }

        public double HeardAt { get; private set; }

        public double ServedAt { get; private set; } = double.NegativeInfinity;

        public bool IsHungry { get; private set; }

        /// <summary>The most permits that the holder may use: an answer with fewer may be lost, so they count until it says so.</summary>
        public int Permits { get; private set; }

        /// <summary>The most requests that the holder may still send.</summary>
        public int Unspent { get; private set; }

        public void Hear(LeaseCall call, double now) => (Call, HeardAt, Permits, Unspent) = (call, now, call.Permits, call.HeldRequests);

        public void Grant(int permits, int requests, long tokens, bool isHungry, double now)
        {
            (Permits, IsHungry) = (Math.Max(Permits, permits), isHungry);
            Unspent += requests;
            if (requests > 0 || tokens > 0)
                ServedAt = now;
        }
    }
}
