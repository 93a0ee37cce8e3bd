using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

public class DamageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(4000)]
    public void A_file_that_is_cut_short_is_named(int length)
    {
        var bytes = Files.Write(RowsSchema, LayoutTests.Rows(500))[..length];
        var open = () => Files.Open(bytes);
        open.Should().Throw<ShardException>().Where(e => e.Fault == ShardFault.Corrupt && e.Message.StartsWith("'test.parquet' is damaged: "));
    }

    [Fact]
    public void A_file_of_another_kind_is_named()
    {
        var open = () => Files.Open(new byte[100]);
        open.Should().Throw<ShardException>().WithMessage("'test.parquet' is damaged: it does not begin and end with the mark of a Parquet file.");
    }

    /// <summary>Flips, cuts and overwrites bytes: each file either still reads or is refused, soon and for little memory.</summary>
    [Fact]
    public void Damage_anywhere_is_an_error_with_the_file_name_and_never_a_hang()
    {
        var (refused, read) = (0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var files = new RandomFiles(seed % 60);
            var schema = files.Schema();
            var rows = files.Rows(schema);
            var bytes = Damage.Do(Files.Write(schema, rows, files.Options()), random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (Damage.Survives(bytes))
                read++;
            else
                refused++;
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20, "seed {0}", seed);
        }

        refused.Should().BeGreaterThan(1000);
        read.Should().BeGreaterThan(10);
    }

    private static readonly ParquetSchema RowsSchema = new(PrimitiveField.Int64("i"), new ListField("l", PrimitiveField.Text("element")));
}
