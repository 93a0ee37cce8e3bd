namespace ConvoSynth.Endpoint;

/// <summary>A bucket that refills steadily up to its capacity. Time is handed in, in seconds from the start. Not thread-safe.</summary>
internal sealed class TokenBucket(double perSecond, double capacity)
{
    private double _level = capacity;
    private double _at;

    public double PerSecond { get; } = perSecond;

    public double Capacity { get; } = capacity;

    /// <summary>What has been taken and not given back since the start.</summary>
    public double Used { get; private set; }

    /// <summary>What is in it. Below zero after more was used than was charged.</summary>
    public double Level(double now)
    {
        if (now <= _at) return _level;
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

    /// <summary>Seconds until it has as much.</summary>
    public double Wait(double amount, double now) => Math.Max(0, (amount - Level(now)) / PerSecond);
}
