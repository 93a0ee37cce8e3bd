using System.Collections.Concurrent;
using System.Globalization;
using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Tests.Rows;
using Xunit.Abstractions;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>
/// Damaged files: each is refused by name, or it reads. <c>CONVOSYNTH_FUZZ_SEEDS</c> is how many are made (8,000 by default); a seed that fails is
/// told, and <c>CONVOSYNTH_FUZZ_SEED</c> makes that one alone.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    /// <summary>What reading may allocate, all rows and all garbage together: a file cannot make a reader take much more than it has bytes.</summary>
    private const long AllocatedAtMost = 96 << 20;
    private const long AllocatedPerByte = 1000;
    private const int Originals = 80;
    private static readonly TimeSpan TimeAtMost = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<int, (byte[] Bytes, string[] Rows)> Sources = new();

    [Fact]
    public void A_damaged_file_is_refused_by_name_or_reads_and_never_hangs_or_takes_the_memory()
    {
        var (first, count) = Seeds();
        var (refused, same, other) = (0, 0, new Dictionary<(Region Region, bool Checked), int>());
        long most = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var (bytes, rows) = Sources.GetOrAdd(seed % Originals, Source);
            var (mutant, region) = Mutant.Make(bytes, seed);
            var read = Try(mutant, seed, ref most);
            if (read is null)
                refused++;
            else if (read.SequenceEqual(rows))
                same++;
            else
                other[(region, HasChecksums(seed % Originals))] = other.GetValueOrDefault((region, HasChecksums(seed % Originals))) + 1;
        }

        output.WriteLine($"{count} files: {refused} refused, {same} read as they were, otherwise {string.Join(", ", other.OrderBy(o => o.Key).Select(o => $"{o.Key.Region}{(o.Key.Checked ? " (with checksums)" : "")} {o.Value}"))}; at most {most} bytes allocated");
        if (count == 1)
            return;
        refused.Should().BeGreaterThan(count / 2);
        same.Should().BeGreaterThan(count / 100);
        // What the checksums are of cannot be read as anything else.
        other.Should().NotContainKey((Region.Data, true)).And.NotContainKey((Region.Dictionary, true));
    }

    private static string[]? Try(byte[] mutant, int seed, ref long most)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            return ReadEverything(mutant);
        }
        catch (ShardException e)
        {
            e.Message.Should().StartWith("'test.parquet' ", "seed {0}", seed);
            return null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed} (CONVOSYNTH_FUZZ_SEED={seed} makes it alone): {e.GetType().Name}: {e.Message}", e);
        }
        finally
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            allocated.Should().BeLessThan(AllocatedAtMost + (AllocatedPerByte * mutant.Length), "seed {0}", seed);
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(TimeAtMost, "seed {0}", seed);
        }
    }

    /// <summary>All that the reader can be asked for; rows beyond those of the sound file are not waited for.</summary>
    private static string[] ReadEverything(byte[] bytes)
    {
        using var file = Files.Open(bytes);
        var rows = new List<string>();
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            for (var cursor = file.ReadRows(group); rows.Count < 400 && cursor.NextRow();)
                rows.Add(Files.Show(Enumerable.Range(0, file.Schema.Fields.Count).Select(cursor.Value).ToArray()));
            foreach (var leaf in file.Schema.Leaves.Take(40))
                if (file.Pages(group, leaf.DottedPath) is { Count: > 1 } pages && pages[^1].FirstRow < 400)
                    Jump(file, group, pages[^1].FirstRow);
        }

        return [.. rows];
    }

    private static void Jump(ParquetFile file, int group, long row)
    {
        var cursor = file.ReadRows(group, firstRow: row);
        if (cursor.NextRow())
            for (var i = 0; i < file.Schema.Fields.Count; i++)
                cursor.Value(i);
    }

    // Without them damage gets past them, to what unpacks and decodes.
    private static bool HasChecksums(int source) => source % 4 == 0;

    private static (byte[] Bytes, string[] Rows) Source(int number)
    {
        byte[] bytes;
        if (number % 10 == 0)
        {
            using var stream = new MemoryStream();
            using var writer = new ParquetShards(new ParquetWriterOptions { PageBytes = 4096, RowGroupBytes = 100_000, PageChecksums = HasChecksums(number), Codec = number % 40 < 20 ? Codec.Brotli : Codec.Gzip }).Begin(stream);
            for (var i = 0; i < 12; i++)
                writer.Append(SyntheticRows.Make(i, (ulong)number));
            writer.Finish();
            bytes = stream.ToArray();
        }
        else
        {
            var random = new RandomFiles(number);
            var schema = random.Schema();
            bytes = Files.Write(schema, random.Rows(schema), random.Options() with { PageChecksums = HasChecksums(number) });
        }

        return (bytes, ReadEverything(bytes));
    }

    private static (int First, int Count) Seeds()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("CONVOSYNTH_FUZZ_SEED"), CultureInfo.InvariantCulture, out var one))
            return (one, 1);
        return (0, int.TryParse(Environment.GetEnvironmentVariable("CONVOSYNTH_FUZZ_SEEDS"), CultureInfo.InvariantCulture, out var count) ? count : 8000);
    }
}
