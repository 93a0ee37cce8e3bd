using System.Diagnostics;
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
        var watch = Stopwatch.StartNew();
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var files = new RandomFiles(seed % 60);
            var schema = files.Schema();
            var rows = files.Rows(schema);
            var bytes = Damage(Files.Write(schema, rows, files.Options()), random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var rowLimit = 100_000;
            try
            {
                using var file = Files.Open(bytes);
                for (var group = 0; group < file.RowGroups.Count; group++)
                {
                    var cursor = file.ReadRows(group);
                    while (cursor.NextRow() && rowLimit-- > 0)
                        for (var i = 0; i < file.Schema.Fields.Count; i++)
                            cursor.Value(i);
                }

                read++;
            }
            catch (ShardException e)
            {
                e.Message.Should().StartWith("'test.parquet' ");
                refused++;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20, "seed {0}", seed);
        }

        refused.Should().BeGreaterThan(1000);
        read.Should().BeGreaterThan(10);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1));
    }

    private static readonly ParquetSchema RowsSchema = new(PrimitiveField.Int64("i"), new ListField("l", PrimitiveField.Text("element")));

    private static byte[] Damage(byte[] bytes, Random random)
    {
        // Half of the damage goes to the footer, which is where the numbers are that a reader believes.
        var footer = BitConverter.ToInt32(bytes, bytes.Length - 8) + 8;
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(2) == 0 ? bytes.Length - 1 - random.Next(footer) : random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.AsSpan(at, Math.Min(9, bytes.Length - at)).Fill(0xFF);
                    break;
                default:
                    var length = random.Next(1, 20);
                    var source = random.Next(Math.Max(1, bytes.Length - length));
                    bytes.AsSpan(source, Math.Min(length, bytes.Length - Math.Max(source, at))).ToArray().CopyTo(bytes, at);
                    break;
            }
        }

        return bytes;
    }
}
