using ConvoSynth.Benchmarks.Shards;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export.Exports;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>Rows of a run to TRL's Parquet and to JSON lines: rows a second and peak memory.</summary>
internal static class ExportSection
{
    public static Task Run(Inputs inputs)
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-bench-");
        try
        {
            var setup = Campaigns.Setups().For(Campaigns.Spec("export", inputs, inputs.Sample, Campaigns.Domains[0]));
            var rows = new RepeatedRows([
                .. new Pipeline(setup, (_, work) => work()).Rows(0, inputs.Sample).Where(r => r.Status == RowStatus.Accepted),
            ]);
            var run = new RunFolder(new DiskStorage(), Path.Combine(folder.FullName, "run"));
            using (var shards = PartitionShards.Open(run, 0, null, new ParquetShards()))
            {
                foreach (var row in rows.Take(inputs.Rows))
                    shards.Append(row.Index, [row]);
                shards.Commit();
            }

            var bytes = new RunReader(run).Shards().Sum(s => s.Bytes);
            Console.WriteLine(
                $"{inputs.Rows} accepted rows of {Campaigns.Domains[0]}, {bytes / inputs.Rows / 1024.0:0.0} KiB a row in the shards, "
                    + $"seed {inputs.Seed}"
            );
            foreach (var format in (string[])["trl", "openai"])
                Measure(run, format, Path.Combine(folder.FullName, format));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return Task.CompletedTask;
    }

    private static void Measure(RunFolder run, string format, string path)
    {
        var peak = PeakMemory.Start();
        var gauge = Gauge.Start();
        var report = Exporter.Export(
            new()
            {
                Runs = [run],
                Format = format,
                Out = path,
                Lossy = true,
            },
            CancellationToken.None
        );
        var cost = gauge.Stop();
        var rows = report.Records.Values.Sum();
        Console.WriteLine(
            $"  {format}: {rows} records, {report.Files.Sum(f => f.Bytes) / rows / 1024.0:0.0} KiB each; "
                + $"{rows / cost.Wall.TotalSeconds:0} rows/s, {rows / cost.Cpu.TotalSeconds:0} rows/s of CPU; {cost}; {peak}"
        );
    }
}
