using ConvoSynth.Embedded.Measuring;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>Grain calls of the embedded runtime.</summary>
internal static class GrainsSection
{
    private const int Callers = 64;
    private const int CallsEach = 50_000;

    public static async Task Run(Inputs inputs)
    {
        var gauge = Gauge.Start();
        var figures = await EmbeddedThroughput.MeasureAsync(Callers, CallsEach, TimeProvider.System);
        var cost = gauge.Stop();
        // The measurement warms up with a tenth more calls, which the processor time includes.
        var cpu = cost.Cpu.TotalSeconds / (figures.Calls * 1.1);
        Console.WriteLine($"embedded runtime, {Callers} callers with a grain each, {figures.Calls} calls");
        Console.WriteLine($"  {figures.CallsPerSecond:0} calls/s by the wall clock, {1 / cpu:0} calls a second of CPU, {figures.BytesPerCall:0} B a call (Orleans' published figure: about 1 M calls/s); {cost}");
    }
}
