using ConvoSynth.Benchmarks.Shards;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>
/// Shards on disk: our writer beside two others on the same rows in one run, look-ups by id, and ten times the rows with their peak
/// memory.
/// </summary>
internal static class ParquetSection
{
    private const int Lookups = 20;

    public static Task Run(Inputs inputs)
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-bench-");
        try
        {
            var rows = new RepeatedRows([.. Campaigns.Domains.SelectMany(domain => RowsOf(inputs, domain))]);
            Console.WriteLine(
                $"{inputs.Rows} rows out of {inputs.Sample} rehearsed dialogues of each of {string.Join(", ", Campaigns.Domains)}, "
                    + $"fault rate {Inputs.FaultRate}, seed {inputs.Seed}, into one file"
            );
            Compare(inputs, rows, folder.FullName);
            Many(inputs.Rows * 10L, rows, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<ShardRow> RowsOf(Inputs inputs, string domain)
    {
        var setup = Campaigns.Setups().For(Campaigns.Spec($"parquet-{domain}", inputs, inputs.Sample, domain));
        return new Pipeline(setup, (_, work) => work()).Rows(0, inputs.Sample);
    }

    private static void Compare(Inputs inputs, RepeatedRows rows, string folder)
    {
        string At(string name) => Path.Combine(folder, $"{name}.parquet");
        var (ours, sharp, duck) = (At("ours"), At("sharp"), At("duck"));
        // A few rows first, so that nothing is compiled during the measurement.
        WriteOurs(rows.Take(500), ours);
        Measure("Parquet.Net, ours", inputs.Rows, ours, () => WriteOurs(rows.Take(inputs.Rows), ours));
        WriteSharp(rows.Take(500), sharp);
        Measure("ParquetSharp", inputs.Rows, sharp, () => WriteSharp(rows.Take(inputs.Rows), sharp));
        using var database = new Duck();
        Measure("DuckDB COPY of ours", inputs.Rows, duck, () => database.Copy(ours, duck));
        var peak = PeakMemory.Start();
        var gauge = Gauge.Start();
        using (var file = ShardFile.Open(File.OpenRead(ours), ours))
        {
            var count = file.Read().LongCount();
            if (count != inputs.Rows)
                throw new InvalidOperationException($"{count} of {inputs.Rows} rows came back");
        }

        Console.WriteLine($"  all rows read again by ours: {inputs.Rows / gauge.Stop().Cpu.TotalSeconds:0} rows/s of CPU; {peak}");
        Console.WriteLine($"  one row by its id, out of our file, mean of {Lookups}:");
        Find(
            "Parquet.Net, ours",
            inputs.Rows,
            id =>
            {
                using var file = ShardFile.Open(File.OpenRead(ours), ours);
                _ = file.Find(id) ?? throw new InvalidOperationException($"there is no row {id}");
            }
        );
        Find("ParquetSharp", inputs.Rows, id => SharpShard.Find(ours, id));
        Find("DuckDB", inputs.Rows, id => database.Find(ours, id));
    }

    private static void Measure(string name, int rows, string path, Action write)
    {
        var peak = PeakMemory.Start();
        var gauge = Gauge.Start();
        write();
        var cost = gauge.Stop();
        Console.WriteLine(
            $"  {name, -20} {rows / cost.Wall.TotalSeconds, 7:0} rows/s, {rows / cost.Cpu.TotalSeconds, 7:0} rows/s of CPU, "
                + $"{new FileInfo(path).Length / 1e6:0.0} MB; {cost}; {peak}"
        );
    }

    private static void Find(string name, int rows, Action<string> find)
    {
        find(RepeatedRows.Id(0));
        var gauge = Gauge.Start();
        for (var i = 0; i < Lookups; i++)
            find(RepeatedRows.Id((i * 104_729L) % rows));
        var cost = gauge.Stop();
        Console.WriteLine(
            $"    {name, -18} {cost.Wall.TotalMilliseconds / Lookups:0.0} ms, " + $"{cost.Cpu.TotalMilliseconds / Lookups:0.0} ms of CPU"
        );
    }

    // Writes shards of the usual size, as a run does.
    private static void Many(long count, RepeatedRows rows, string folder)
    {
        var (path, limit) = (Path.Combine(folder, "many.parquet"), new ShardLimits().Bytes);
        var (shards, bytes) = (0, 0L);
        var peak = PeakMemory.Start();
        var gauge = Gauge.Start();
        using var source = rows.Take(count).GetEnumerator();
        for (var more = source.MoveNext(); more; shards++)
        {
            using var stream = File.Create(path);
            using var writer = new ParquetShards().Begin(stream);
            for (; more && writer.RawBytes < limit; more = source.MoveNext())
                writer.Append(source.Current);
            bytes += writer.Finish().Bytes;
        }

        var cost = gauge.Stop();
        Console.WriteLine(
            $"  {count} rows by ours in {shards} shards: {count / cost.Cpu.TotalSeconds:0} rows/s of CPU, "
                + $"{bytes / 1e6:0} MB; {cost}; {peak}"
        );
    }

    private static void WriteOurs(IEnumerable<ShardRow> rows, string path)
    {
        using var stream = File.Create(path);
        using var writer = new ParquetShards().Begin(stream);
        foreach (var row in rows)
            writer.Append(row);
        writer.Finish();
    }

    private static void WriteSharp(IEnumerable<ShardRow> rows, string path)
    {
        using var shard = new SharpShard(path);
        foreach (var row in rows)
            shard.Append(row);
        shard.Finish();
    }
}
