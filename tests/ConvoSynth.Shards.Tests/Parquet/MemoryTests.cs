using System.Runtime.CompilerServices;
using ConvoSynth.Shards.Parquet;
using Xunit.Abstractions;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>What the writer holds. Alone, since it looks at the heap of the whole process.</summary>
[Collection(nameof(Alone))]
public class MemoryTests(ITestOutputHelper output)
{
    private static readonly ParquetSchema Schema = new(PrimitiveField.Int64("i"), PrimitiveField.Text("words"), new ListField("noise", new PrimitiveField("element", PhysicalType.ByteArray)));

    [Fact]
    public void What_is_held_does_not_grow_with_the_shard()
    {
        const long Megabytes = 300;
        var options = new ParquetWriterOptions { RowGroupBytes = 8 << 20, PageBytes = 256 << 10 };
        var counting = new LengthStream();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        using var writer = new ParquetWriter(counting, Schema, options);
        var (i, words, noise) = (writer.Value("i"), writer.Value("words"), writer.List("noise"));
        var element = (ValueColumn)noise.Element;
        var random = new Random(1);
        var bytes = new byte[10_000];
        var text = string.Concat(Enumerable.Range(0, 1500).Select(word => "words " + (word % 97)));
        for (long row = 0, next = 25; writer.RawBytes < Megabytes << 20; row++)
        {
            i.Add(row);
            words.Add(text[(int)(row % 1000)..]);
            noise.Begin();
            random.NextBytes(bytes);
            element.Add(bytes);
            element.Add(bytes.AsSpan(0, (int)(row % 100)));
            noise.End();
            writer.EndRow();
            if (writer.RawBytes >> 20 < next)
                continue;
            next += 25;
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        writer.Finish();
        output.WriteLine($"{writer.RawBytes} bytes of {writer.Rows} rows, {counting.Length} in the file: at most {most} held");
        counting.Length.Should().BeGreaterThan(100 << 20);
        // A row group, the page and dictionary that each of three columns has open, and what one page was assembled and compressed in.
        most.Should().BeLessThan(options.RowGroupBytes + (3 * (options.KeptBufferBytes + (2 * options.DictionaryBytes))) + (3 * options.KeptBufferBytes));
    }

    [Fact]
    public void A_row_of_great_size_is_let_go_again()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var writer = new ParquetWriter(Stream.Null, new ParquetSchema(PrimitiveField.Text("c")), new ParquetWriterOptions { PageBytes = 64 << 10, RowGroupBytes = 1 << 20 });
        Add(writer, 60_000_000);
        Add(writer, 5);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(4 << 20);
    }

    // Apart, so that no local keeps the text.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(ParquetWriter writer, int length)
    {
        writer.Value("c").Add(new string('x', length));
        writer.EndRow();
    }

    [Fact]
    public void A_row_group_of_nulls_ends_too()
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, new ParquetSchema(PrimitiveField.Text("c", optional: true)), new ParquetWriterOptions { RowGroupBytes = 4096 });
        for (var row = 0; row < 100_000; row++)
        {
            writer["c"].Null();
            writer.EndRow();
        }

        writer.Finish();
        using var file = Files.Open(stream.ToArray());
        file.RowGroups.Should().OnlyContain(group => group.Rows <= 4096);
    }

    [Fact]
    public void Row_groups_end_at_the_rows_that_were_asked_for()
    {
        using var file = Files.Open(Files.Write(new ParquetSchema(PrimitiveField.Int32("c")), Enumerable.Range(0, 25).Select(i => new object?[] { i }), new ParquetWriterOptions { RowGroupRows = 10 }));
        file.RowGroups.Select(group => group.Rows).Should().Equal(10, 10, 5);
    }

    [Theory]
    [InlineData("one value")]
    [InlineData("one text")]
    [InlineData("many values")]
    [InlineData("many nulls")]
    public void A_row_that_is_too_large_is_refused_by_its_column(string how)
    {
        var schema = new ParquetSchema(PrimitiveField.Text("id"), new ListField("l", PrimitiveField.Text("element", optional: true)));
        using var writer = new ParquetWriter(Stream.Null, schema, new ParquetWriterOptions { RowBytes = 100_000 });
        writer.Value("id").Add("a");
        var list = writer.List("l");
        var element = (ValueColumn)list.Element;
        list.Begin();
        var add = () =>
        {
            for (var i = 0; how.StartsWith("one", StringComparison.Ordinal) ? i < 1 : i < 200_000; i++)
                switch (how)
                {
                    case "one value":
                        element.Add(new byte[100_001]);
                        break;
                    case "one text":
                        element.Add(new string('é', 60_000));
                        break;
                    case "many values":
                        element.Add("some text");
                        break;
                    default:
                        element.Null();
                        break;
                }
        };
        add.Should().Throw<ShardException>().Where(e => e.Fault == ShardFault.BadRow).WithMessage("column 'l.list.element': with a value of * bytes the row has *, and it may have 100000: *");
    }

    private sealed class LengthStream : MemoryStream
    {
        private long _length;

        public override long Length => _length;

        public override void Write(ReadOnlySpan<byte> buffer) => _length += buffer.Length;

        public override void Write(byte[] buffer, int offset, int count) => _length += count;
    }
}

/// <summary>Tests that run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
