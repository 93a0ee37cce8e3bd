using System.Globalization;
using System.Runtime;

namespace ConvoSynth.Benchmarks.Shards;

/// <summary>The peak resident memory of the process since <see cref="Start"/>, as Linux counts it; native memory is included.</summary>
internal readonly struct PeakMemory
{
    private const string Status = "/proc/self/status";
    private readonly long _before;

    private PeakMemory(long before) => _before = before;

    /// <summary>Collects all garbage, and resets the system's high-water mark to the present resident memory.</summary>
    public static PeakMemory Start()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!File.Exists(Status))
            return new(0);
        File.WriteAllText("/proc/self/clear_refs", "5");
        return new(Read("VmRSS:"));
    }

    public override string ToString() =>
        File.Exists(Status)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"peak {Read("VmHWM:") / 1e6:0} MB, {(Read("VmHWM:") - _before) / 1e6:0} MB above the start"
            )
            : "peak unknown: there is no /proc";

    private static long Read(string name)
    {
        var line = File.ReadLines(Status).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
