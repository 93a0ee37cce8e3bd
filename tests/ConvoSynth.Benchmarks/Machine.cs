using System.Runtime;
using System.Runtime.InteropServices;

namespace ConvoSynth.Benchmarks;

/// <summary>Describes the machine that the figures come from.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

    public static void Print()
    {
        var load = File.Exists(LoadFile) ? $", load {File.ReadAllText(LoadFile).Split(' ')[0]} at the start" : "";
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription.Split('#')[0].Trim()}, "
                + $"{RuntimeInformation.FrameworkDescription}, "
                + $"{(GCSettings.IsServerGC ? "server" : "workstation")} collector, "
                + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB{load}"
        );
        Console.WriteLine(
            "CPU is processor time of the whole process: it stays comparable where others use the machine, the wall clock does not."
        );
    }
}
