namespace ConvoSynth.Benchmarks;

/// <summary>
/// The cost of a piece of work: wall time, processor time of the whole process (all threads, garbage collector included), bytes
/// allocated.
/// </summary>
internal readonly record struct Cost(TimeSpan Wall, TimeSpan Cpu, long Bytes)
{
    public static Cost operator +(Cost a, Cost b) => new(a.Wall + b.Wall, a.Cpu + b.Cpu, a.Bytes + b.Bytes);

    /// <summary>As <c>12.3 s wall, 20.1 s CPU</c>.</summary>
    public override string ToString() => $"{Wall.TotalSeconds:0.00} s wall, {Cpu.TotalSeconds:0.00} s CPU";
}

/// <summary>Measures costs. On a shared machine wall time is noisy; processor time is much less so.</summary>
internal readonly struct Gauge
{
    private readonly long _bytes;
    private readonly TimeSpan _cpu;
    private readonly long _wall;

    private Gauge(bool precise)
    {
        _bytes = GC.GetTotalAllocatedBytes(precise);
        _cpu = Environment.CpuUsage.TotalTime;
        _wall = TimeProvider.System.GetTimestamp();
    }

    public static Gauge Start() => new(precise: true);

    public Cost Stop()
    {
        var wall = TimeProvider.System.GetElapsedTime(_wall);
        return new(wall, Environment.CpuUsage.TotalTime - _cpu, GC.GetTotalAllocatedBytes(precise: true) - _bytes);
    }
}
