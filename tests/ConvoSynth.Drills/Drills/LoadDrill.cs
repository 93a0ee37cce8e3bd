using System.Globalization;

namespace ConvoSynth.Drills;

/// <summary>Many dialogues in flight over HTTP, against the makespan of a list scheduler that has nothing to do but wait.</summary>
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
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "1", "--latency-sigma", "0.4", "--log", log))
        {
            ended = await Programs.Run(settings, "generate", "--spec", folder.Spec(endpoint.Url), "--count", $"{count}", "--concurrency", $"{slots}", "--out", folder.At("run"), "--no-probe");
            cpu = endpoint.Cpu;
        }

        if (ended.ExitCode != 0) throw new InvalidOperationException(ended.Errors);
        var lastCommit = Directory.EnumerateFiles(folder.At("run/manifest"), "*.jsonl").Max(File.GetLastWriteTimeUtc);
        var wall = (lastCommit - ended.Began).TotalSeconds;
        var requests = LoggedRequest.Read(log).ToArray();
        var jobs = requests.GroupBy(r => r.Index).OrderBy(g => g.Key).Select(g => g.Sum(r => r.Latency)).ToArray();
        var ideal = Ideal.Makespan(jobs, slots);
        var ratio = wall / ideal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} dialogues, {slots} in flight, {requests.Length} requests, latency 1 s median, sigma 0.4; {Environment.ProcessorCount} processors for both processes"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  start to last commit {wall:0.0} s, ideal {ideal:0.0} s, ratio {ratio:0.000} (aim {Aim:0.00}); longest dialogue {jobs.Max():0.0} s, mean {jobs.Average():0.0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  generate: {ended.Cpu.TotalSeconds:0.0} s CPU, {1e6 * ended.Cpu.TotalSeconds / requests.Length:0} us a request, peak {ended.PeakBytes / 1e6:0} MB; endpoint: {cpu.TotalSeconds:0.0} s CPU"));
        Console.WriteLine(ended.Output.Split('\n')[0]);
        return ratio <= Aim;
    }
}
