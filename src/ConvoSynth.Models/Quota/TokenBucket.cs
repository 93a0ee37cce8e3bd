namespace ConvoSynth.Models;

/// <summary>A token bucket: fills at a steady rate up to its capacity. Starts full. Not thread-safe.</summary>
/// <param name="perMinute">The refill.</param>
/// <param name="capacitySeconds">What it holds, in seconds of refill; at least one token, so that one request always fits.</param>
/// <param name="now">Any clock's now, in seconds, as in every later call.</param>
public sealed class TokenBucket(double perMinute, double capacitySeconds, double now)
{
    private double _level = Math.Max(1, perMinute / 60 * capacitySeconds);
    private double _at = now;

    public double PerSecond { get; } = perMinute / 60;

    public double Capacity { get; } = Math.Max(1, perMinute / 60 * capacitySeconds);

    /// <summary>What has been taken and not given back since the start.</summary>
    public double Used { get; private set; }

    /// <summary>What is in it. Below zero after more was used than was charged.</summary>
    public double Level(double now)
    {
        if (now <= _at)
            return _level;
        _level = Math.Min(Capacity, _level + ((now - _at) * PerSecond));
        _at = now;
        return _level;
    }

    /// <summary>Takes an amount, or with a negative one gives it back.</summary>
    public void Take(double amount, double now)
    {
        _level = Math.Min(Capacity, Level(now) - amount);
        Used += amount;
    }

    /// <summary>Takes what there is, in whole numbers, up to what is wanted.</summary>
    public long TakeUpTo(long wanted, double now)
    {
        var taken = Math.Clamp((long)Math.Floor(Level(now) + 1e-9), 0, wanted);
        Take(taken, now);
        return taken;
    }

    /// <summary>Seconds until it has as much, or until it is full where that is more than it holds.</summary>
    public double Until(double amount, double now) => Math.Max(0, (Math.Min(amount, Capacity) - Level(now)) / PerSecond);
}
