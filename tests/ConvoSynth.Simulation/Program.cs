using System.Globalization;
using ConvoSynth.Simulation;

// SEEDS [FROM]: runs that many seeds and prints those that fail. --trace SEED: runs one, and prints its every step.
if (args is ["--trace", var traced] && ulong.TryParse(traced, NumberStyles.None, CultureInfo.InvariantCulture, out var one))
{
    var report = SimulatedRun.Run(one, Console.WriteLine);
    Console.WriteLine(report.Violation is { } found ? $"seed {one} fails: {found}" : $"seed {one} passes");
    return report.Violation is null ? 0 : 1;
}

ulong from = 1;
if (args.Length is < 1 or > 2 || !ulong.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
    || (args.Length == 2 && !ulong.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out from)))
{
    Console.Error.WriteLine("usage: SEEDS [FROM], or --trace SEED");
    return 2;
}

var began = TimeProvider.System.GetTimestamp();
var figures = new Figures();
var failing = 0L;
for (var seed = from; seed < from + count; seed++)
{
    var report = SimulatedRun.Run(seed);
    figures.Add(report.Figures);
    if (report.Violation is not { } violation) continue;
    failing++;
    Console.WriteLine($"seed {seed} fails: {violation}");
}

Console.WriteLine(figures);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{failing} failing seeds; {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s; one again, step by step: make simulate TRACE=seed"));
return failing == 0 ? 0 : 1;
