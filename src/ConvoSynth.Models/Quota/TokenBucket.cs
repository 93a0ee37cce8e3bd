namespace ConvoSynth.Models.Quota;

/// <summary>A token bucket that fills at a steady rate up to its capacity. Starts full. Not thread-safe.</summary>
/// <param name="perMinute">The refill.</param>
/// <param name="capacitySeconds">The capacity in seconds of refill; at least one token, so that one request always fits.</param>
/// <param name="now">The present time in seconds, on the clock of every later call.</param>
public sealed class TokenBucket(double perMinute, double capacitySeconds, double now)
{
    private double _level = Math.Max(1, perMinute / 60 * capacitySeconds);
    private double _at = now;
    private double _reserved;

    public double PerSecond { get; } = perMinute / 60;

    public double Capacity { get; } = Math.Max(1, perMinute / 60 * capacitySeconds);

    /// <summary>The capacity without what is reserved.</summary>
    public double Room => Math.Max(0, Capacity - _reserved);

    /// <summary>The net amount taken since the start.</summary>
    public double Used { get; private set; }

    /// <summary>The present content; below zero after usage exceeded the charge.</summary>
    public double Level(double now)
    {
        if (now <= _at)
            return _level;
        _level = Math.Min(Room, _level + ((now - _at) * PerSecond));
        _at = now;
        return _level;
    }

    /// <summary>Fills up to now, and lets the bucket hold that much less from now on.</summary>
    public void Reserve(double amount, double now)
    {
        var level = Level(now);
        _reserved = amount;
        _level = Math.Min(Room, level);
    }

    /// <summary>Takes an amount; a negative one is returned.</summary>
    public void Take(double amount, double now)
    {
        _level = Math.Min(Room, Level(now) - amount);
        Used += amount;
    }

    /// <summary>Takes up to the requested amount, in whole numbers; may return 0.</summary>
    public long TakeUpTo(long wanted, double now)
    {
        var taken = Math.Clamp((long)Math.Floor(Level(now) + 1e-9), 0, wanted);
        Take(taken, now);
        return taken;
    }

    /// <summary>Seconds until the bucket has the amount, or until it is full if the amount exceeds its capacity.</summary>
    public double Until(double amount, double now) => Math.Max(0, (Math.Min(amount, Room) - Level(now)) / PerSecond);
}
