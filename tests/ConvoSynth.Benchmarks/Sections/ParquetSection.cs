using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>The Parquet writer and reader on rows of the rehearsal.</summary>
internal static class ParquetSection
{
    private static readonly ParquetWriterOptions[] Formats = [new() { Codec = Codec.Brotli, BrotliQuality = 1 }, new() { Codec = Codec.Gzip }];

    public static Task Run(Inputs inputs)
    {
        foreach (var domain in Campaigns.Domains)
        {
            var spec = Campaigns.Spec($"parquet-{domain}", inputs, inputs.Sample, domain);
            var rows = new Pipeline(Campaigns.Setups().For(spec), (_, work) => work()).Rows(0, inputs.Sample).ToArray();
            Console.WriteLine($"{domain}: {rows.Length} rows of rehearsed dialogues, fault rate {Inputs.FaultRate}, seed {inputs.Seed}, one thread, to memory");
            foreach (var format in Formats) Measure(rows, format);
        }

        return Task.CompletedTask;
    }

    private static void Measure(ShardRow[] rows, ParquetWriterOptions options)
    {
        Write(rows, options, Stream.Null);
        using var file = new MemoryStream(1 << 20);
        var gauge = Gauge.Start();
        var raw = Write(rows, options, file);
        var write = gauge.Stop();
        Read(file);
        gauge = Gauge.Start();
        var count = Read(file);
        var read = gauge.Stop();
        if (count != rows.Length) throw new InvalidOperationException($"{count} of {rows.Length} rows came back");
        Console.WriteLine($"  {options.Codec,-6} {(double)raw / rows.Length / 1000:0.0} KB a row raw, {(double)raw / file.Length:0.0}:1, {file.Length / rows.Length} B a row in the file");
        Console.WriteLine($"         write {rows.Length / write.Cpu.TotalSeconds:0} rows/s, {raw / 1e6 / write.Cpu.TotalSeconds:0} MB/s of CPU, {write.Bytes / rows.Length} B allocated a row; {write}");
        Console.WriteLine($"         read  {rows.Length / read.Cpu.TotalSeconds:0} rows/s of CPU, {read.Bytes / rows.Length} B allocated a row; {read}");
    }

    private static long Write(ShardRow[] rows, ParquetWriterOptions options, Stream output)
    {
        using var writer = new ParquetShards(options).Begin(output);
        foreach (var row in rows) writer.Append(row);
        writer.Finish();
        return writer.RawBytes;
    }

    private static int Read(MemoryStream written)
    {
        using var file = ParquetFile.Open(new MemoryStream(written.GetBuffer(), 0, (int)written.Length, writable: false), "bench.parquet");
        return ShardRowReader.Read(file).Count();
    }
}
