using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>A whole campaign through the grains to shards on disk.</summary>
internal static class EndToEndSection
{
    public static async Task Run(Inputs inputs)
    {
        var folder = inputs.Out ?? Directory.CreateTempSubdirectory("convosynth-bench-").FullName;
        try
        {
            var spec = Campaigns.Spec("bench", inputs, inputs.Count, Campaigns.Domains);
            var gauge = Gauge.Start();
            var setups = Campaigns.Setups();
            setups.For(spec);
            var loading = gauge.Stop();
            var host = new CampaignHost(setups, new(folder, spec.RunId, new ParquetShards(), new()), TimeProvider.System);
            gauge = Gauge.Start();
            var status = await host.Run(spec, new(inputs.Concurrency), _ => { }, CancellationToken.None);
            var run = gauge.Stop();
            if (status.Error is { } error)
                throw new InvalidOperationException(error);
            Print(inputs, status.Counts, loading, run);
            Console.WriteLine($"  shards: {Size(folder) / 1e6:0.0} MB, {Size(folder) / inputs.Count} B a dialogue");
        }
        finally
        {
            if (inputs.Out is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(Inputs inputs, RunCounts counts, Cost loading, Cost run)
    {
        var whole = loading + run;
        Console.WriteLine(
            $"{inputs.Count} dialogues of {string.Join(", ", Campaigns.Domains)} in turn, {inputs.Concurrency} in flight, "
                + $"fault rate {Inputs.FaultRate}, seed {inputs.Seed}, brotli, to disk; embedded runtime"
        );
        Console.WriteLine(
            $"  {counts.Accepted} accepted, {counts.Undecided} undecided, {counts.Rejected} rejected, {counts.Failed} failed"
        );
        Console.WriteLine(
            $"  first grain call to last commit: {inputs.Count / run.Wall.TotalSeconds:0} dialogues/s by the wall clock (aim "
                + $"2000); {Environment.ProcessorCount * inputs.Count / run.Cpu.TotalSeconds:0}/s if all "
                + $"{Environment.ProcessorCount} cores were ours; {run}"
        );
        Console.WriteLine(
            $"  with loading the packs:          {inputs.Count / whole.Wall.TotalSeconds:0} dialogues/s by the wall clock; {whole}"
        );
        Console.WriteLine($"  {run.Cpu.TotalMicroseconds / inputs.Count:0} us CPU, {run.Bytes / inputs.Count} B allocated a dialogue");
    }

    private static long Size(string folder) =>
        Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
}
