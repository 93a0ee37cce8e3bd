using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Shards.Tests.Rows;

/// <summary>What writing (and reading) cost. Megabytes are 10^6 bytes of rows before encoding.</summary>
public sealed record ShardWriterFigures(
    string Codec, int Rows, double RawMegabytes, double FileMegabytes, double WriteSeconds, double ReadSeconds, double AllocatedBytesPerRow)
{
    public double RowsPerSecond => Rows / WriteSeconds;

    public double MegabytesPerSecond => RawMegabytes / WriteSeconds;

    public override string ToString() => FormattableString.Invariant(
        $"{Codec,-12} {Rows} rows of {RawMegabytes * 1000 / Rows:0.0} KB: {RowsPerSecond:0} rows/s, {MegabytesPerSecond:0} MB/s, {RawMegabytes / FileMegabytes:0.0}:1, {AllocatedBytesPerRow:0} B/row allocated, read {Rows / ReadSeconds:0} rows/s");
}

/// <summary>Measures the writer on synthetic trajectories, one thread, to memory: call it from a benchmark in Release.</summary>
public static class ShardWriterMeasure
{
    public static ShardWriterFigures Run(int rows, ParquetWriterOptions options, TimeProvider clock)
    {
        // Rows are made beforehand, in a ring, so that making them is not what is measured.
        var ring = Enumerable.Range(0, Math.Min(rows, 2000)).Select(i => SyntheticRows.Make(i)).ToArray();
        Write(ring, 200, options, new MemoryStream());
        using var file = new MemoryStream(256 << 20);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = clock.GetTimestamp();
        var raw = Write(ring, rows, options, file);
        var write = clock.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var size = file.Length;
        start = clock.GetTimestamp();
        using var parquet = ParquetFile.Open(file, "measured.parquet");
        var read = ShardRowReader.Read(parquet).Count();
        if (read != rows)
            throw new InvalidOperationException($"{read} of {rows} rows came back.");
        return new ShardWriterFigures(
            options.Codec.ToString(), rows, raw / 1e6, size / 1e6, write, clock.GetElapsedTime(start).TotalSeconds, allocated / (double)rows);
    }

    private static long Write(ShardRow[] ring, int rows, ParquetWriterOptions options, Stream output)
    {
        using var writer = new ParquetShards(options).Begin(output);
        for (var i = 0; i < rows; i++)
        {
            var row = ring[i % ring.Length];
            if (row.Problem() is { } problem)
                throw new InvalidOperationException(problem);
            writer.Append(row);
        }

        writer.Finish();
        return writer.RawBytes;
    }
}
