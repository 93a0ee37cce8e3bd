using System.Runtime.CompilerServices;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using Xunit.Abstractions;

namespace ConvoSynth.Runs.Tests.Rows;

/// <summary>The writer's memory. Runs alone, since it measures the heap of the whole process.</summary>
[Collection(nameof(Alone))]
public class ShardMemoryTests(ITestOutputHelper output)
{
    private const long Bound = 16_000_000;

    [Fact]
    public void What_is_held_stays_below_the_bound_however_long_the_shard()
    {
        var rows = Enumerable.Range(0, 200).Select(i => SyntheticRows.Make(i)).ToArray();
        Shards.Write(rows.Take(1));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        using var writer = new ParquetShards().Begin(Stream.Null);
        for (long row = 0, next = 10_000_000; writer.RawBytes < 300_000_000; row++)
        {
            writer.Append(rows[row % rows.Length]);
            if (writer.RawBytes < next)
                continue;
            next += 10_000_000;
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        writer.Finish();
        output.WriteLine($"{writer.RawBytes} bytes of {writer.Rows} rows: at most {most} held");
        most.Should().BeInRange(1_000_000, Bound);
    }

    [Fact]
    public void A_row_of_great_size_is_let_go_again()
    {
        var rows = Enumerable.Range(0, 3).Select(i => SyntheticRows.Make(i)).ToArray();
        Shards.Write(rows);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var writer = new ParquetShards().Begin(Stream.Null);
        Add(writer);
        writer.Append(rows[0]);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(Bound);
        GC.KeepAlive(rows);
    }

    // A separate method, so that no local keeps the text alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IShardWriter writer) =>
        writer.Append(
            new ShardRow
            {
                Id = "a",
                Status = RowStatus.Failed,
                Instruction = new string('x', 60_000_000),
            }
        );
}

/// <summary>Tests that must not run in parallel with others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
