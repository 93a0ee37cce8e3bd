using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

public class LayoutTests
{
    private static readonly ParquetSchema Schema = new(PrimitiveField.Int64("i"), new ListField("l", PrimitiveField.Text("element")));

    [Fact]
    public void Row_groups_end_at_the_size_that_was_asked_for()
    {
        using var file = Files.Open(Files.Write(Schema, Rows(1000), new ParquetWriterOptions { RowGroupBytes = 20_000, DictionaryBytes = 0, ContentDefinedPages = false, PageStatistics = false }));
        file.RowGroups.Count.Should().BeGreaterThan(3);
        file.RowGroups.Sum(group => group.Rows).Should().Be(1000);
        file.RowGroups.SkipLast(1).Should().OnlyContain(group => group.UncompressedBytes > 18_000 && group.UncompressedBytes < 22_000);
    }

    [Fact]
    public void Every_page_begins_with_a_row_and_is_bounded()
    {
        var bytes = Files.Write(Schema, Rows(1000), new ParquetWriterOptions { PageBytes = 4096, DictionaryBytes = 0 });
        var length = BitConverter.ToInt32(bytes, bytes.Length - 8);
        var metadata = FooterReader.Read(bytes.AsSpan(bytes.Length - 8 - length, length), bytes.Length - 8 - length);
        var chunk = metadata.Groups[0].Chunks[1];
        var pages = new PageReader(new MemoryStream(bytes), chunk);
        var count = 0;
        for (long entries = 0; entries < chunk.Entries; count++)
        {
            var header = pages.NextHeader();
            var payload = pages.Payload(header);
            payload.Length.Should().BeLessThan(4096 + 500);
            new HybridDecoder(payload, 4, payload.Length, 1).Next().Should().Be(0);
            entries += header.Entries;
        }

        count.Should().BeGreaterThan(10);
    }

    [Fact]
    public void Only_the_pages_of_the_columns_that_are_asked_for_are_read()
    {
        var bytes = Files.Write(Schema, Rows(2000));
        var counting = new CountingStream(bytes);
        using var file = ParquetFile.Open(counting, "test.parquet");
        counting.Count = 0;
        var cursor = file.ReadRows(0, ["i"]);
        long sum = 0;
        while (cursor.NextRow())
            sum += cursor.Int64(0)!.Value;
        sum.Should().Be(2000 * 1999 / 2);
        counting.Count.Should().BeLessThan(bytes.Length / 4);
    }

    [Fact]
    public void Rows_that_are_not_read_are_passed_over()
    {
        using var file = Files.Open(Files.Write(Schema, Rows(100), new ParquetWriterOptions { PageRows = 7 }));
        var cursor = file.ReadRows(0);
        cursor.Skip(50);
        cursor.NextRow().Should().BeTrue();
        cursor.Int64(0).Should().Be(50);
        Files.Show(cursor.Value(1)).Should().Be(Files.Show(Rows(51).Last()[1]));
    }

    [Fact]
    public void A_row_far_larger_than_a_page_makes_a_page_of_its_own()
    {
        object?[][] rows = [[1L, new List<object?> { "a" }], [2L, new List<object?> { new string('x', 5_000_000), "y" }], [3L, new List<object?>()]];
        Files.Read(Files.Write(Schema, rows, new ParquetWriterOptions { PageBytes = 256 })).Select(row => Files.Show(row))
            .Should().Equal(rows.Select(row => Files.Show(row)));
    }

    [Theory]
    [InlineData(nameof(ParquetWriterOptions.PageBytes))]
    [InlineData(nameof(ParquetWriterOptions.RowGroupBytes))]
    [InlineData(nameof(ParquetWriterOptions.BrotliQuality))]
    [InlineData(nameof(ParquetWriterOptions.Codec))]
    public void An_option_out_of_range_is_refused_by_name(string option)
    {
        var options = option switch
        {
            nameof(ParquetWriterOptions.PageBytes) => new ParquetWriterOptions { PageBytes = 1 },
            nameof(ParquetWriterOptions.RowGroupBytes) => new ParquetWriterOptions { RowGroupBytes = 1L << 40 },
            nameof(ParquetWriterOptions.BrotliQuality) => new ParquetWriterOptions { BrotliQuality = 12 },
            _ => new ParquetWriterOptions { Codec = Codec.Zstd },
        };
        options.Invoking(o => o.Validate()).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"{option}*");
    }

    [Fact]
    public void A_million_small_rows_allocate_next_to_nothing_each()
    {
        using var writer = new ParquetWriter(Stream.Null, new ParquetSchema(PrimitiveField.Int64("i"), PrimitiveField.Text("t"), new ListField("l", PrimitiveField.Json("element"))), new ParquetWriterOptions { RowGroupBytes = 2_000_000 });
        var (i, t, l) = (writer.Value("i"), writer.Value("t"), writer.List("l"));
        var element = (ValueColumn)l.Element;
        void Write(int count)
        {
            for (var row = 0; row < count; row++)
            {
                i.Add((long)row);
                t.Add("some text");
                l.Begin();
                element.Add("{\"role\":\"user\"}"u8);
                element.Add("{\"role\":\"tool\"}"u8);
                l.End();
                writer.EndRow();
            }
        }

        Write(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(200_000);
        var perRow = (GC.GetAllocatedBytesForCurrentThread() - before) / 200_000.0;
        perRow.Should().BeLessThan(8);
    }

    internal static IEnumerable<object?[]> Rows(int count) => Enumerable.Range(0, count).Select(i => new object?[]
    {
        (long)i, Enumerable.Range(0, i % 5).Select(j => (object?)$"element {j} of row {i} with words {i * 31}").ToList(),
    });
}
