using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ConvoSynth.Simulation.Accounts;

namespace ConvoSynth.Simulation;

/// <summary>Runs ranges of seeds, in this process or split over several.</summary>
internal static class Jobs
{
    /// <summary>Marks the output line in which a job passes its figures on.</summary>
    public const string Prefix = "figures ";

    /// <summary>Runs the seeds in this process and prints the failing ones.</summary>
    public static Figures RunSeeds(ulong count, ulong from)
    {
        var figures = new Figures();
        for (var seed = from; seed < from + count; seed++)
        {
            var report = SimulatedRun.Run(seed);
            figures.Add(report.Figures);
            if ((report.Violation ?? SimulatedAccount.Run(seed, figures)) is not { } violation)
                continue;
            figures.Failing++;
            Console.WriteLine($"seed {seed} fails: {violation}");
        }

        return figures;
    }

    /// <summary>Runs this program once per part of the seeds, in parallel, and sums the figures.</summary>
    /// <exception cref="InvalidOperationException">A job ended without figures.</exception>
    public static async Task<Figures> Run(ulong count, ulong from, ulong jobs)
    {
        var parts = new List<Task<Figures>>();
        for (var job = 0UL; job < jobs; job++)
        {
            var (first, next) = (count * job / jobs, count * (job + 1) / jobs);
            if (next > first)
                parts.Add(RunPart(next - first, from + first));
        }

        var total = new Figures();
        foreach (var part in await Task.WhenAll(parts))
            total.Add(part);
        return total;
    }

    private static async Task<Figures> RunPart(ulong count, ulong from)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ConvoSynth.Simulation" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var arguments = string.Create(CultureInfo.InvariantCulture, $"--job {count} {from}");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        Figures? figures = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Prefix, StringComparison.Ordinal))
                figures = JsonSerializer.Deserialize<Figures>(line[Prefix.Length..]);
            else
                Console.WriteLine(line);
        }

        await process.WaitForExitAsync();
        return figures
            ?? throw new InvalidOperationException(
                $"the job of {count} seeds from {from} ended with {process.ExitCode} and without its figures"
            );
    }
}
