using System.Globalization;
using System.Text.Json;
using ConvoSynth.Simulation;
using ConvoSynth.Simulation.Accounts;

// SEEDS [FROM [JOBS]]: runs that many seeds, split over JOBS processes, and prints the failing ones. --trace SEED: runs one seed and
// prints every step.
if (args is ["--trace", var traced] && ulong.TryParse(traced, NumberStyles.None, CultureInfo.InvariantCulture, out var one))
{
    var report = SimulatedRun.Run(one, Console.WriteLine);
    var violation = report.Violation ?? SimulatedAccount.Run(one, report.Figures);
    Console.WriteLine(violation is { } found ? $"seed {one} fails: {found}" : $"seed {one} passes");
    return violation is null ? 0 : 1;
}

// --job: the child process of a run over several processes; it passes its figures on.
var isJob = args is ["--job", ..];
var numbers = args.Skip(isJob ? 1 : 0)
    .Select(a => ulong.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : (ulong?)null)
    .ToArray();
if (numbers.Length is < 1 or > 3 || numbers.Contains(null) || numbers is [_, _, 0 or > 64])
{
    Console.Error.WriteLine("usage: SEEDS [FROM [JOBS]], or --trace SEED");
    return 2;
}

var (count, from, jobs) = (numbers[0]!.Value, numbers.ElementAtOrDefault(1) ?? 1, numbers.ElementAtOrDefault(2) ?? 1);
var began = TimeProvider.System.GetTimestamp();
var total = jobs > 1 ? await Jobs.Run(count, from, jobs) : Jobs.RunSeeds(count, from);
if (isJob)
{
    Console.WriteLine(Jobs.Prefix + JsonSerializer.Serialize(total));
    return 0;
}

var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
Console.WriteLine(total);
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"{total.Failing} failing seeds; {seconds:0.0} s; one again, step by step: make simulate TRACE=seed"
    )
);
return total.Failing == 0 ? 0 : 1;
