using System.Text;
using ConvoSynth.Shards.Parquet;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Shards.Tests.Parquet;

public class EncodingTests
{
    [Fact]
    public void Runs_and_packed_groups_come_back_as_they_were()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var width = random.Next(1, 25);
            var values = new List<int>();
            for (var i = 0; i < 30; i++)
                values.AddRange(Enumerable.Repeat(random.Next(1 << width), random.Next(4) == 0 ? random.Next(1, 40) : 1));
            var buffer = new ByteBuffer();
            HybridEncoder.Encode<int>(values.ToArray(), width, buffer);
            var decoder = new HybridDecoder(buffer.Span.ToArray(), 0, buffer.Length, width);
            return values.TrueForAll(value => decoder.Next() == value);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_example_of_the_specification_packs_as_it_says()
    {
        var buffer = new ByteBuffer();
        HybridEncoder.Encode<int>([0, 1, 2, 3, 4, 5, 6, 7], 3, buffer);
        buffer.Span.ToArray().Should().Equal(0x03, 0b10001000, 0b11000110, 0b11111010);
    }

    [Fact]
    public void Many_equal_levels_take_a_few_bytes()
    {
        var buffer = new ByteBuffer();
        HybridEncoder.Encode<byte>(Enumerable.Repeat((byte)1, 1_000_000).ToArray(), 1, buffer);
        buffer.Length.Should().Be(4);
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 3, 4, 5 }, new byte[] { 128, 1, 4, 5, 2, 2, 0, 0, 0, 0 })]
    [InlineData(new long[] { 7, 5, 3, 1, 2, 3, 4, 5 }, new byte[] { 128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0 })]
    public void The_delta_examples_of_the_specification_are_read(long[] expected, byte[] page)
    {
        // With blocks of 128 in 4 parts, since the blocks of 8 in its examples are for show.
        var decoder = new DeltaBinaryDecoder(PhysicalType.Int64, page, 0, page.Length, expected.Length);
        Cell cell = default;
        foreach (var value in expected)
        {
            decoder.Next(ref cell);
            cell.Bits.Should().Be(value);
        }
    }

    [Fact]
    public void Shared_prefixes_are_put_back()
    {
        // axis, axle, babble, babyhood: prefixes 0 2 0 3, suffixes axis le babble yhood.
        byte[] page = [.. Deltas(0, 2, 0, 3), .. Deltas(4, 2, 6, 5), .. "axislebabbleyhood"u8];
        var decoder = new DeltaPrefixDecoder(page, 0, page.Length, 4);
        var words = new List<string>();
        Cell cell = default;
        for (var i = 0; i < 4; i++)
        {
            decoder.Next(ref cell);
            words.Add(Encoding.UTF8.GetString(cell.Bytes.Span));
        }

        words.Should().Equal("axis", "axle", "babble", "babyhood");
    }

    [Theory]
    [InlineData("0361626300", "")]
    [InlineData("0b2868656c6c6f20776f726c64", "hello world")]
    [InlineData("0a0061 2201 00", "aaaaaaaaaa")]
    public void Snappy_blocks_are_unpacked_or_refused(string hex, string expected)
    {
        var input = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var output = new byte[input[0]];
        var unpack = () => Snappy.Decompress(input, output);
        if (expected.Length == 0)
        {
            unpack.Should().Throw<DamageException>();
            return;
        }

        unpack();
        Encoding.UTF8.GetString(output).Should().Be(expected);
    }

    [Fact]
    public void A_column_of_few_values_gets_a_dictionary_and_one_of_many_does_not()
    {
        var schema = new ParquetSchema(PrimitiveField.Text("few"), PrimitiveField.Text("many"), PrimitiveField.Text("none", optional: true));
        var rows = Enumerable.Range(0, 5000).Select(i => new object?[] { $"value {i % 5}", $"a longer value that is never there twice: {i}", null });
        using var file = Files.Open(Files.Write(schema, rows));
        file.Encodings(0, "few").Should().Contain("RleDictionary");
        file.Encodings(0, "many").Should().NotContain("RleDictionary");
        file.Encodings(0, "none").Should().NotContain("RleDictionary");
    }

    [Fact]
    public void A_dictionary_that_grows_too_large_is_left_in_the_middle_of_a_column()
    {
        var schema = new ParquetSchema(PrimitiveField.Text("text"));
        var rows = Enumerable.Range(0, 4000).Select(i => new object?[] { new string((char)('a' + (i % 20)), i < 2000 ? 100 : 100 + (i / 10)) }).ToList();
        var bytes = Files.Write(schema, rows, new ParquetWriterOptions { DictionaryBytes = 4000, PageBytes = 4096 });
        using (var file = Files.Open(bytes))
            file.Encodings(0, "text").Should().Contain(["Plain", "RleDictionary"]);
        Files.Read(bytes).Select(row => Files.Show(row)).Should().Equal(rows.Select(row => Files.Show(row)));
    }

    // One block of 128 in 4 parts of 32, the first of them 4 bits wide with zigzag least delta -8.
    private static byte[] Deltas(params int[] values)
    {
        var bytes = new List<byte> { 128, 1, 4, (byte)values.Length, (byte)(values[0] * 2), 15, 4, 0, 0, 0 };
        var packed = new byte[16];
        for (var i = 1; i < values.Length; i++)
            packed[(i - 1) / 2] |= (byte)((values[i] - values[i - 1] + 8) << ((i - 1) % 2 * 4));
        bytes.AddRange(packed);
        return [.. bytes];
    }
}
