using System.Globalization;
using System.Text;
using ConvoSynth.Shards.Parquet;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Shards.Tests.Parquet;

public class PageIndexTests
{
    private static readonly ParquetWriterOptions SmallPages = new() { PageBytes = 256, RowGroupBytes = 8192 };

    /// <summary>Walks the pages of every chunk by their headers and holds the index against what is there.</summary>
    [Fact]
    public void The_index_says_of_every_page_where_it_is_and_what_is_in_it()
    {
        var (indexed, unindexed) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomFiles(seed);
            var schema = random.Schema();
            var bytes = Files.Write(schema, random.Rows(schema), random.Options() with { PageIndex = true, PageStatistics = true, PageChecksums = true });
            using var file = Files.Open(bytes);
            var metadata = Metadata(bytes);
            for (var group = 0; group < metadata.Groups.Count; group++)
                foreach (var leaf in metadata.Schema.Leaves)
                {
                    var pages = file.Pages(group, leaf.DottedPath)!;
                    Hold(bytes, leaf, metadata.Groups[group].Chunks[leaf.Ordinal], pages).Should().Be(metadata.Groups[group].Rows);
                    indexed += pages[0].AllNull is null ? 0 : 1;
                    unindexed += pages[0].AllNull is null ? 1 : 0;
                }
        }

        indexed.Should().BeGreaterThan(1000);
        unindexed.Should().BeGreaterThan(20, "a NaN leaves a column without a column index");
    }

    [Fact]
    public void Reading_from_any_row_gives_what_reading_all_gives()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomFiles(seed);
            var schema = random.Schema();
            var bytes = Files.Write(schema, random.Rows(schema), random.Options());
            using var file = Files.Open(bytes);
            for (var group = 0; group < file.RowGroups.Count; group++)
            {
                var all = Rows(file, group, 0);
                for (var row = 0; row <= all.Count; row++)
                    if (!Rows(file, group, row).SequenceEqual(all.Skip(row)))
                        return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(1_000_000));
    }

    [Fact]
    public void A_row_in_the_middle_costs_one_page_of_each_column()
    {
        var bytes = Files.Write(Schema, Numbers(20_000), new ParquetWriterOptions { PageBytes = 4096 });
        var counting = new CountingStream(bytes);
        using var file = ParquetFile.Open(counting, "test.parquet");
        counting.Count = 0;
        var cursor = file.ReadRows(0, firstRow: 15_000);
        cursor.NextRow().Should().BeTrue();
        cursor.Int64(0).Should().Be(15_000);
        Encoding.UTF8.GetString(cursor.Bytes(1)!.Value.Span).Should().Be(Text(15_000));
        counting.Count.Should().BeLessThan(bytes.Length / 10);
    }

    [Theory]
    [InlineData("up", 1)]
    [InlineData("down", 2)]
    [InlineData("mixed", 0)]
    [InlineData("same", 1)]
    public void The_order_of_the_bounds_is_told(string column, int order)
    {
        var schema = new ParquetSchema(
            PrimitiveField.Int64("up"), PrimitiveField.Int64("down", optional: true), PrimitiveField.Text("mixed"), PrimitiveField.Int32("same"));
        var rows = Enumerable.Range(0, 2000).Select(i => new object?[] { (long)i - 1000, i / 100 % 3 == 1 ? null : -(long)i, Text(i * 7919 % 2000), 5 });
        var bytes = Files.Write(schema, rows, new ParquetWriterOptions { PageRows = 50 });
        Order(bytes, column).Should().Be(order);
    }

    [Fact]
    public void A_page_of_nulls_alone_is_marked_and_has_no_bounds()
    {
        var schema = new ParquetSchema(PrimitiveField.Text("c", optional: true));
        var bytes = Files.Write(schema, Enumerable.Range(0, 30).Select(i => new object?[] { i is >= 10 and < 20 ? null : "v" + i }), new ParquetWriterOptions { PageRows = 10, ContentDefinedPages = false });
        using var file = Files.Open(bytes);
        var pages = file.Pages(0, "c")!;
        pages.Select(page => (page.FirstRow, page.Rows, page.AllNull, page.Nulls)).Should().Equal((0, 10, false, 0), (10, 10, true, 10), (20, 10, false, 0));
        pages[1].Min.Should().BeNull();
        Encoding.UTF8.GetString(pages[2].Max!).Should().Be("v29");
    }

    [Fact]
    public void Long_bounds_of_a_page_are_cut_below_and_raised_above()
    {
        var schema = new ParquetSchema(PrimitiveField.Text("c"));
        using var file = Files.Open(Files.Write(schema, [[new string('b', 100)], [new string('a', 100)]], SmallPages));
        var page = file.Pages(0, "c")![0];
        Encoding.UTF8.GetString(page.Min!).Should().Be(new string('a', 64));
        Encoding.UTF8.GetString(page.Max!).Should().Be(new string('b', 63) + "c");
    }

    [Fact]
    public void A_text_that_no_bound_lies_above_leaves_its_column_with_offsets_only()
    {
        var schema = new ParquetSchema(new PrimitiveField("c", PhysicalType.ByteArray));
        using var file = Files.Open(Files.Write(schema, [[(ReadOnlyMemory<byte>)Enumerable.Repeat((byte)0xFF, 80).ToArray()]]));
        file.Pages(0, "c")!.Should().ContainSingle(page => page.AllNull == null && page.Max == null && page.Rows == 1);
    }

    [Fact]
    public void Without_a_page_index_rows_are_found_by_reading_on()
    {
        using var file = Files.Open(Files.Write(Schema, Numbers(500), SmallPages with { PageIndex = false, RowGroupBytes = 100_000 }));
        file.Pages(0, "i").Should().BeNull();
        var cursor = file.ReadRows(0, firstRow: 321);
        cursor.NextRow();
        cursor.Int64(0).Should().Be(321);
    }

    [Fact]
    public void A_row_beyond_the_group_is_refused()
    {
        using var file = Files.Open(Files.Write(Schema, Numbers(5)));
        file.Invoking(f => f.ReadRows(0, firstRow: 6)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'test.parquet'*it has 5*");
        file.ReadRows(0, firstRow: 5).NextRow().Should().BeFalse();
    }

    /// <summary>The rows that the pages hold, by their own levels.</summary>
    private static long Hold(byte[] bytes, SchemaLeaf leaf, ChunkMetadata chunk, IReadOnlyList<PageInfo> pages)
    {
        var cursor = new ColumnCursor(new MemoryStream(bytes), leaf, chunk);
        var position = pages[0].Offset;
        long rows = 0;
        foreach (var page in pages)
        {
            page.Offset.Should().Be(position);
            page.FirstRow.Should().Be(rows);
            cursor.Repetition.Should().Be(0, "a page begins with a row");
            var reader = new PageReader(new MemoryStream(bytes), chunk);
            reader.MoveTo(page.Offset);
            var header = reader.NextHeader();
            header.Type.Should().Be(PageType.Data);
            header.Crc.Should().NotBeNull();
            var (nulls, values) = (0, 0);
            for (var entry = 0; entry < header.Entries; entry++, cursor.Next())
            {
                rows += cursor.Repetition == 0 ? 1 : 0;
                if (!cursor.HasValue)
                {
                    nulls++;
                    continue;
                }

                values++;
                if (page.Min is not null)
                    Compare(leaf, cursor.Cell, page.Min).Should().BeGreaterThanOrEqualTo(0);
                if (page.Max is not null)
                    Compare(leaf, cursor.Cell, page.Max).Should().BeLessThanOrEqualTo(0);
            }

            (page.FirstRow + page.Rows).Should().Be(rows);
            if (page.AllNull is not null)
                (page.AllNull, page.Nulls, page.Min is not null).Should().Be((values == 0, nulls, values > 0));
            position += page.Bytes;
        }

        cursor.AtEnd.Should().BeTrue();
        position.Should().Be(chunk.Start + chunk.CompressedBytes);
        return rows;
    }

    private static int Compare(SchemaLeaf leaf, Cell cell, byte[] bound) => leaf.Field.Type switch
    {
        PhysicalType.Boolean => cell.Bits.CompareTo(bound[0]),
        PhysicalType.Int32 => cell.Bits.CompareTo(BitConverter.ToInt32(bound)),
        PhysicalType.Int64 => cell.Bits.CompareTo(BitConverter.ToInt64(bound)),
        PhysicalType.Double => BitConverter.Int64BitsToDouble(cell.Bits).CompareTo(BitConverter.ToDouble(bound)) is var order && BitConverter.ToDouble(bound) == BitConverter.Int64BitsToDouble(cell.Bits) ? 0 : order,
        _ => cell.Bytes.Span.SequenceCompareTo(bound),
    };

    private static int Order(byte[] bytes, string column)
    {
        var metadata = Metadata(bytes);
        var chunk = metadata.Groups[0].Chunks[metadata.Schema.Leaves.First(leaf => leaf.DottedPath == column).Ordinal];
        var thrift = new CompactReader(bytes.AsSpan((int)chunk.ColumnIndexOffset!.Value, chunk.ColumnIndexBytes));
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            if (id == 4)
                return thrift.I32();
            thrift.Skip(type);
        }

        throw new InvalidOperationException("no boundary order");
    }

    private static readonly ParquetSchema Schema = new(PrimitiveField.Int64("i"), PrimitiveField.Text("t"));

    internal static FileMetadata Metadata(byte[] bytes)
    {
        var length = BitConverter.ToInt32(bytes, bytes.Length - 8);
        return FooterReader.Read(bytes.AsSpan(bytes.Length - 8 - length, length), bytes.Length - 8 - length);
    }

    private static List<string> Rows(ParquetFile file, int group, long firstRow)
    {
        var rows = new List<string>();
        for (var cursor = file.ReadRows(group, firstRow: firstRow); cursor.NextRow();)
            rows.Add(Files.Show(Enumerable.Range(0, file.Schema.Fields.Count).Select(cursor.Value).ToArray()));
        return rows;
    }

    private static IEnumerable<object?[]> Numbers(int count) => Enumerable.Range(0, count).Select(i => new object?[] { (long)i, Text(i) });

    private static string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"text of row {i:000000} with the word {i * 7919L % 10_007}");
}
