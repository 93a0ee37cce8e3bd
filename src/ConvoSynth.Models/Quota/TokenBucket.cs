namespace ConvoSynth.Models;

/// <summary>A token bucket: fills at a steady rate up to its capacity. Starts full. Not thread-safe.</summary>
/// <param name="perMinute">The refill.</param>
/// <param name="capacitySeconds">What it holds, in seconds of refill; at least one.</param>
/// <param name="now">Any clock's now, in seconds.</param>
public sealed class TokenBucket(double perMinute, double capacitySeconds, double now)
{
    private readonly double _perSecond = perMinute / 60;
    private double _level = Math.Max(1, perMinute / 60 * capacitySeconds);
    private double _at = now;

    public double Capacity { get; } = Math.Max(1, perMinute / 60 * capacitySeconds);

    /// <summary>Takes what there is, in whole numbers, up to what is wanted.</summary>
    public long TakeUpTo(long wanted, double now)
    {
        Refill(now);
        var taken = Math.Clamp((long)Math.Floor(_level + 1e-9), 0, wanted);
        _level -= taken;
        return taken;
    }

    /// <summary>Seconds until so many are there, or until it is full where they are more than it holds.</summary>
    public double Until(long wanted, double now)
    {
        Refill(now);
        return Math.Max(0, (Math.Min(wanted, Capacity) - _level) / _perSecond);
    }

    private void Refill(double now)
    {
        if (now <= _at) return;
        _level = Math.Min(Capacity, _level + ((now - _at) * _perSecond));
        _at = now;
    }
}
