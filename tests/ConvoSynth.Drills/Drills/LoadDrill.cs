using System.Globalization;

namespace ConvoSynth.Drills;

/// <summary>Many dialogues in flight over HTTP, compared with the makespan of a list scheduler whose only cost is waiting.</summary>
internal static class LoadDrill
{
    private const double Aim = 1.05;

    public static async Task<bool> Run(Settings settings)
    {
        var (count, slots) = (settings.Count ?? 10_000, settings.Concurrency ?? 2_000);
        using var folder = new DrillFolder();
        var log = folder.At("requests.jsonl");
        Ended ended;
        TimeSpan cpu;
        double offset;
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "1", "--latency-sigma", "0.4", "--log", log))
        {
            // The time on the endpoint's clock when the run starts.
            offset = (await endpoint.Stats()).GetProperty("seconds").GetDouble();
            ended = await Programs.Run(
                settings,
                "generate",
                "--spec",
                folder.Spec(endpoint.Url),
                "--count",
                $"{count}",
                "--concurrency",
                $"{slots}",
                "--out",
                folder.At("run"),
                "--no-probe"
            );
            cpu = endpoint.Cpu;
        }

        if (ended.ExitCode != 0)
            throw new InvalidOperationException(ended.Errors);
        var lastCommit = Directory.EnumerateFiles(folder.At("run/manifest"), "*.jsonl").Max(File.GetLastWriteTimeUtc);
        var wall = (lastCommit - ended.Began).TotalSeconds;
        var requests = LoggedRequest.Read(log).ToArray();
        var jobs = requests.GroupBy(r => r.Index).OrderBy(g => g.Key).Select(g => g.Sum(r => r.Latency)).ToArray();
        var ideal = Ideal.Makespan(jobs, slots);
        var ratio = wall / ideal;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} dialogues, {slots} in flight, {requests.Length} requests, latency 1 s median, sigma 0.4; "
                    + $"{Environment.ProcessorCount} processors for both processes"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  start to last commit {wall:0.0} s, ideal {ideal:0.0} s, ratio {ratio:0.0000} (aim {Aim:0.00}); "
                    + $"longest dialogue {jobs.Max():0.0} s, mean {jobs.Average():0.0} s"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  start to first request {requests.Min(r => r.At) - offset:0.0} s, "
                    + $"last answer to last commit {wall - (requests.Max(r => r.At + r.Latency) - offset):0.0} s, "
                    + $"between two calls of a dialogue {Between(requests):0.000} s in the mean"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  generate: {ended.Cpu.TotalSeconds:0.0} s CPU, {1e6 * ended.Cpu.TotalSeconds / requests.Length:0} us a request, "
                    + $"peak {ended.PeakBytes / 1e6:0} MB; endpoint: {cpu.TotalSeconds:0.0} s CPU"
            )
        );
        Console.WriteLine(ended.Output.Split('\n')[0]);
        return ratio <= Aim;
    }

    // The time that a dialogue waits beyond the planted latencies.
    private static double Between(LoggedRequest[] requests) =>
        requests
            .GroupBy(r => r.Index)
            .SelectMany(g => g.OrderBy(r => r.At).ToArray() is var calls ? calls.Zip(calls.Skip(1), (a, b) => b.At - a.At - a.Latency) : [])
            .DefaultIfEmpty(0)
            .Average();
}
