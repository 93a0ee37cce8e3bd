using System.Globalization;
using System.Text;
using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Tests.Rows;
using Xunit.Abstractions;

namespace ConvoSynth.Shards.Tests.Parquet;

public class ContentBoundaryTests(ITestOutputHelper output)
{
    private const int Rows = 10_000;
    private static readonly ParquetWriterOptions Content = new() { PageBytes = 32 << 10 };
    private static readonly ParquetWriterOptions Fixed = Content with { ContentDefinedPages = false, PageBytes = 16 << 10 };

    [Theory]
    [InlineData("text", 0.95)]
    [InlineData("few", 0.9)]
    [InlineData("number", 0.9)]
    [InlineData("maybe", 0.9)]
    [InlineData("list", 0.95)]
    public void A_row_more_or_less_in_the_middle_changes_the_pages_near_it_and_no_others(string kind, double least)
    {
        var schema = new ParquetSchema(Field(kind));
        var rows = Enumerable.Range(0, Rows).Select(i => new[] { Value(kind, i) }).ToList();
        var options = kind is "text" or "list" ? Content : Content with { PageBytes = 4096 };
        var before = Files.Write(schema, rows, options);
        foreach (var (name, edited) in Edits(rows, Value(kind, 777_777)))
        {
            var reuse = PageReuse.Of(before, Files.Write(schema, edited, options));
            var fixedReuse = PageReuse.Of(Files.Write(schema, rows, Fixed), Files.Write(schema, edited, Fixed));
            output.WriteLine($"{kind}, {name}: {reuse}; with fixed boundaries {fixedReuse}");
            reuse.Share.Should().BeGreaterThanOrEqualTo(least, "{0} {1}", kind, name);
            // Rows of many lengths can bring fixed boundaries back by luck; rows of one length never do.
            if (kind is not ("text" or "list") && name != "one changed")
                fixedReuse.Share.Should().BeLessThan(0.6);
        }
    }

    [Theory]
    [InlineData(100_000_000)]
    [InlineData(4_000_000)]
    public void A_shard_with_a_row_more_keeps_nearly_all_of_its_pages(long rowGroupBytes)
    {
        var rows = Enumerable.Range(0, 1000).Select(i => SyntheticRows.Make(i)).ToList();
        var edited = rows.ToList();
        edited.Insert(500, SyntheticRows.Make(777_777));
        var options = new ParquetWriterOptions { PageBytes = 256 << 10, RowGroupBytes = rowGroupBytes };
        var reuse = PageReuse.Of(Write(rows, options), Write(edited, options));
        var fixedOptions = options with { ContentDefinedPages = false };
        var fixedReuse = PageReuse.Of(Write(rows, fixedOptions), Write(edited, fixedOptions));
        output.WriteLine($"shard: {reuse}; with fixed boundaries {fixedReuse}");
        reuse.Share.Should().BeGreaterThan(0.9);
        fixedReuse.Share.Should().BeLessThan(0.7);
    }

    [Fact]
    public void Pages_keep_to_their_bounds_and_have_the_average_that_was_asked_for()
    {
        var options = new ParquetWriterOptions { PageBytes = 64 << 10, MinPageBytes = 4 << 10, AveragePageBytes = 16 << 10, DictionaryBytes = 0 };
        var schema = new ParquetSchema(PrimitiveField.Text("c"));
        using var file = Files.Open(Files.Write(schema, Enumerable.Range(0, 4 * Rows).Select(i => new[] { Value("text", i) }), options with { Codec = Codec.Uncompressed }));
        var sizes = file.Pages(0, "c")!.SkipLast(1).Select(page => page.Bytes).ToList();
        output.WriteLine(FormattableString.Invariant($"{sizes.Count} pages of {sizes.Min()} to {sizes.Max()} bytes, on average {sizes.Average():0}"));
        sizes.Min().Should().BeGreaterThan(3 << 10);
        sizes.Max().Should().BeLessThan((64 << 10) + 1000);
        sizes.Average().Should().BeInRange(12 << 10, 20 << 10);
    }

    [Fact]
    public void Boundaries_are_the_same_whatever_the_codec()
    {
        var rows = Enumerable.Range(0, 3000).Select(i => new[] { Value("list", i) }).ToList();
        long[] Firsts(Codec codec)
        {
            using var file = Files.Open(Files.Write(new ParquetSchema(Field("list")), rows, Content with { Codec = codec }));
            return [.. file.Pages(0, "c.list.element")!.Select(page => page.FirstRow)];
        }

        Firsts(Codec.Uncompressed).Should().Equal(Firsts(Codec.Brotli)).And.HaveCountGreaterThan(10);
    }

    [Fact]
    public void The_gear_is_SplitMix64_from_the_seed_that_is_written_down()
    {
        var seed = BitConverter.ToUInt64([.. Encoding.ASCII.GetBytes("ConvoSyn").Reverse()]);
        var state = unchecked(seed + (256 * 0x9E3779B97F4A7C15));
        var z = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        PageBoundary.Gear[255].Should().Be(z ^ (z >> 31));
        PageBoundary.Gear.Distinct().Should().HaveCount(256);
    }

    [Theory]
    [InlineData(100, null, nameof(ParquetWriterOptions.PageBytes))]
    [InlineData(null, 2 << 20, nameof(ParquetWriterOptions.AveragePageBytes))]
    [InlineData(800 << 10, null, nameof(ParquetWriterOptions.MinPageBytes))]
    [InlineData(0, null, nameof(ParquetWriterOptions.MinPageBytes))]
    public void Page_sizes_that_do_not_go_together_are_refused_by_name(int? min, int? average, string name)
    {
        var options = name == nameof(ParquetWriterOptions.PageBytes)
            ? new ParquetWriterOptions { PageBytes = min!.Value }
            : new ParquetWriterOptions { MinPageBytes = min, AveragePageBytes = average };
        options.Invoking(o => o.Validate()).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"{name}*");
    }

    private static IEnumerable<(string Name, List<object?[]> Rows)> Edits(List<object?[]> rows, object? value)
    {
        var inserted = rows.ToList();
        inserted.Insert(Rows / 2, [value]);
        yield return ("one more", inserted);
        var removed = rows.ToList();
        removed.RemoveAt(Rows / 2);
        yield return ("one less", removed);
        var changed = rows.ToList();
        changed[Rows / 2] = [value];
        yield return ("one changed", changed);
    }

    private static ParquetField Field(string kind) => kind switch
    {
        "number" => PrimitiveField.Int64("c"),
        "list" => new ListField("c", PrimitiveField.Json("element")),
        "maybe" => PrimitiveField.Text("c", optional: true),
        _ => PrimitiveField.Text("c"),
    };

    private static object? Value(string kind, int i) => kind switch
    {
        "number" => Scatter(i) >> 3,
        "few" => Few(i),
        "maybe" => Scatter(i) % 5 == 0 ? null : Few(i),
        "list" => Enumerable.Range(0, (int)((ulong)Scatter(i) % 4)).Select(j => (object?)$"{{\"n\":{Scatter((i * 4) + j)},\"text\":\"{new string('x', j * 40)}\"}}").ToList(),
        _ => string.Create(CultureInfo.InvariantCulture, $"row {i}: {Scatter(i)} {Scatter(i + 1_000_000):x} {new string('-', (int)((ulong)Scatter(i) % 300))}"),
    };

    private static string Few(int i) => "one of a few values: " + ((ulong)Scatter(i) % 7);

    private static long Scatter(int i) => unchecked((long)((((ulong)i + 1) * 0x9E3779B97F4A7C15) ^ (((ulong)i * 0xD1342543DE82EF95) >> 29)));

    private static byte[] Write(List<ShardRow> rows, ParquetWriterOptions options)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetShards(options).Begin(stream);
        rows.ForEach(writer.Append);
        writer.Finish();
        return stream.ToArray();
    }
}
