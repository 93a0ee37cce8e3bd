using System.Text;
using ConvoSynth.Shards.Parquet;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Shards.Tests.Parquet;

public class StatisticsTests
{
    [Fact]
    public void Short_values_give_exact_bounds_and_nulls_are_counted()
    {
        var statistics = Of(PrimitiveField.Text("c", optional: true), ["b", null, "a", "ab", null]);
        (Text(statistics.Min), Text(statistics.Max), statistics.Nulls).Should().Be(("a", "b", 2));
        (statistics.MinExact, statistics.MaxExact).Should().Be((true, true));
    }

    [Fact]
    public void Long_values_give_bounds_of_64_bytes_that_say_they_are_not_exact()
    {
        var statistics = Of(PrimitiveField.Text("c"), [new string('a', 100), new string('b', 100)]);
        Text(statistics.Min).Should().Be(new string('a', 64));
        Text(statistics.Max).Should().Be(new string('b', 63) + "c");
        (statistics.MinExact, statistics.MaxExact).Should().Be((false, false));
    }

    [Fact]
    public void A_value_of_64_bytes_is_exact_and_one_of_65_is_not()
    {
        Of(PrimitiveField.Text("c"), [new string('a', 64)]).MaxExact.Should().BeTrue();
        Of(PrimitiveField.Text("c"), [new string('a', 65)]).MaxExact.Should().BeFalse();
    }

    [Fact]
    public void Bounds_never_cut_a_character_in_two()
    {
        var statistics = Of(PrimitiveField.Text("c"), [new string('語', 40)]);
        Text(statistics.Min).Should().Be(new string('語', 21));
        Text(statistics.Max).Should().Be(new string('語', 20) + "誟");
    }

    [Fact]
    public void A_bound_that_cannot_be_raised_is_left_out()
    {
        var statistics = Of(new PrimitiveField("c", PhysicalType.ByteArray), [(ReadOnlyMemory<byte>)Enumerable.Repeat((byte)0xFF, 80).ToArray()]);
        statistics.Max.Should().BeNull();
        statistics.Min.Should().HaveCount(64);
    }

    [Fact]
    public void A_JSON_document_that_is_too_long_for_a_bound_is_left_out_rather_than_cut()
    {
        var statistics = Of(PrimitiveField.Json("c"), ["[1]", $"\"{new string('x', 80)}\""]);
        statistics.Min.Should().BeNull();
        (Text(statistics.Max), statistics.MaxExact).Should().Be(("[1]", true));
    }

    [Fact]
    public void A_NaN_leaves_a_column_without_bounds_and_zeros_take_both_signs()
    {
        var field = new PrimitiveField("c", PhysicalType.Double);
        Of(field, [1.0, double.NaN]).Min.Should().BeNull();
        var zeros = Of(field, [0.0]);
        BitConverter.ToDouble(zeros.Min!).Should().Be(-0.0);
        double.IsNegative(BitConverter.ToDouble(zeros.Min!)).Should().BeTrue();
        double.IsNegative(BitConverter.ToDouble(zeros.Max!)).Should().BeFalse();
    }

    [Fact]
    public void Every_value_lies_within_the_bounds()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var alphabet = new[] { "a", "\u007F", "é", "語", "\uD7FF", "\uFFFF", "😀", "\U0010FFFF" };
            var values = Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(8)]))).ToArray();
            var statistics = Of(PrimitiveField.Text("c"), values, pageRows: 2);
            return values.All(value =>
                Encoding.UTF8.GetBytes(value).AsSpan().SequenceCompareTo(statistics.Min) >= 0
                && (statistics.Max is null || Encoding.UTF8.GetBytes(value).AsSpan().SequenceCompareTo(statistics.Max) <= 0));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static string Text(byte[]? bytes) => new UTF8Encoding(false, true).GetString(bytes!);

    private static ChunkStatistics Of(PrimitiveField field, object?[] values, int pageRows = 1000)
    {
        using var file = Files.Open(Files.Write(new ParquetSchema(field), values.Select(value => new[] { value }), new ParquetWriterOptions { PageRows = pageRows }));
        return file.Statistics(0, field.Name);
    }
}
