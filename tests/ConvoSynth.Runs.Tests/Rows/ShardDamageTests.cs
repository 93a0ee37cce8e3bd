using System.Text;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using Parquet;
using Parquet.Schema;

namespace ConvoSynth.Runs.Tests.Rows;

/// <summary>Any error in a file is reported as one sentence that names the file.</summary>
public class ShardDamageTests
{
    private static readonly byte[] Sound = Shards
        .Write(Enumerable.Range(0, 60).Select(i => SyntheticRows.Make(i)), new() { RowGroupBytes = 300_000 })
        .Bytes;

    [Fact]
    public void An_empty_file_is_told() => Refusal([]).Should().Be("'shard.parquet' is a corrupt shard: it is empty.");

    [Fact]
    public void A_file_that_is_no_Parquet_is_told()
    {
        Refusal("PAR1"u8.ToArray()).Should().Be("'shard.parquet' is a corrupt shard: 4 bytes are too few for a Parquet file.");
        Refusal(Encoding.UTF8.GetBytes(new string('x', 1000)))
            .Should()
            .Be("'shard.parquet' is a corrupt shard: it does not begin as a Parquet file.");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(5000)]
    [InlineData(-1)]
    [InlineData(-9)]
    public void A_file_that_was_cut_short_is_told(int length) =>
        Refusal(Sound[..(length > 0 ? length : Sound.Length + length)])
            .Should()
            .Be("'shard.parquet' is a corrupt shard: it begins as a Parquet file and does not end as one: it may be cut short.");

    [Fact]
    public void A_footer_that_claims_more_than_there_is_is_told()
    {
        var bytes = Sound.ToArray();
        bytes[^5] = 0x7F;
        Refusal(bytes).Should().MatchRegex(@"^'shard\.parquet' is a corrupt shard: its footer claims 21[0-9]{8} bytes of [0-9]+\.$");
    }

    [Fact]
    public async Task A_Parquet_file_of_others_is_told_by_the_first_column_that_it_lacks()
    {
        var field = new DataField<int>("n");
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(field, new[] { 1, 2 });
        }

        Refusal(stream.ToArray()).Should().Be("'shard.parquet' is not a shard that can be read: it has no column 'id'.");
    }

    [Fact]
    public void A_column_that_is_missing_or_has_another_type_is_told_by_name()
    {
        Refusal(EmptyFile.Of([.. ShardSchema.Table.Where(column => column.Name != "seed").Select(column => column.Shape)], annotated: true))
            .Should()
            .Contain("it has no column 'seed'");
        var other = new ColumnShape("seed", ColumnType.Int32);
        Refusal(EmptyFile.Of([.. ShardSchema.Table.Select(column => column.Name == "seed" ? other : column.Shape)], annotated: true))
            .Should()
            .Contain("its column 'seed' has another type");
    }

    [Fact]
    public void A_column_that_came_with_this_version_is_missing_in_shards_of_this_version_only()
    {
        var earlier = ShardSchema.Table.Where(column => column.Since == 1).Select(column => column.Shape).ToArray();
        earlier.Length.Should().Be(ShardSchema.Table.Count - 6);
        var bytes = EmptyFile.Of(earlier, annotated: true);
        Shards.Shown(bytes).Should().BeEmpty("it says no version, as the first ones did not");

        var other = new ColumnShape("passes", ColumnType.Int32);
        Refusal(EmptyFile.Of([.. earlier, other], annotated: true)).Should().Contain("its column 'passes' has another type");
    }

    [Fact]
    public void A_shard_of_a_later_version_is_refused_by_its_number()
    {
        const string Sentence =
            "'shard.parquet' is not a shard that can be read: its schema_version is 5 and this program reads up to 4: "
            + "read it with the version that wrote it, or a later one.";
        Refusal(Shards.Write([SyntheticRows.Make(0) with { SchemaVersion = 5 }]).Bytes).Should().Be(Sentence);
        var bytes = Sound.ToArray();
        var key = Encoding.UTF8.GetBytes(ShardSchema.VersionKey);
        // After the key come the header of the value's field and its length.
        bytes[bytes.AsSpan().LastIndexOf(key) + key.Length + 2]++;
        Refusal(bytes).Should().Be(Sentence);
    }

    [Fact]
    public void A_document_that_is_none_is_told_by_its_column()
    {
        // Uncompressed, so that a byte of the file is a byte of a document.
        var bytes = Shards
            .Write([SyntheticRows.Make(0) with { Usage = "{\"needle\":1}"u8.ToArray() }], new() { Compression = ShardCompression.None })
            .Bytes;
        bytes[bytes.AsSpan().IndexOf("{\"needle\""u8)] = (byte)'}';
        Refusal(bytes).Should().Be("'shard.parquet' is a corrupt shard: column 'usage' is not a JSON document in UTF-8.");
    }

    [Theory]
    [InlineData(ShardCompression.Zstd)]
    [InlineData(ShardCompression.None)]
    public void A_flipped_bit_is_read_as_rows_or_told_and_nothing_else(ShardCompression compression)
    {
        var sound = Shards
            .Write(Enumerable.Range(0, 40).Select(i => SyntheticRows.Make(i)), new() { RowGroupBytes = 300_000, Compression = compression })
            .Bytes;
        var (told, read) = (0, 0);
        foreach (var bit in Flips(sound, 500))
        {
            var bytes = Flipped(sound, bit);
            try
            {
                using var file = Shards.Open(bytes);
                file.Read().Count().Should().BeLessThan(1_000_000);
                file.Find(20L);
                read++;
            }
            catch (ShardException e) when (e.Fault is ShardError.Corrupt or ShardError.Unsupported)
            {
                e.Message.Should().StartWith("'shard.parquet' is ").And.NotContain("\n");
                told++;
            }
        }

        (told + read).Should().Be(500);
        told.Should().BeGreaterThan(100);
    }

    [Fact]
    public void With_the_check_every_flipped_bit_is_found_before_the_first_row()
    {
        var storage = new MemoryStorage();
        var shard = new CommittedShard(
            "accepted/train-00000-00000.parquet",
            60,
            Sound.Length,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Sound))
        );
        foreach (var bit in Flips(Sound, 500))
        {
            var run = new RunFolder(storage, "runs/r");
            using (var stream = storage.Create(run.Resolve(shard.File)))
            {
                stream.Write(Flipped(Sound, bit));
                stream.Flush();
            }

            var open = () => new RunReader(run).Open(shard);
            open.Should()
                .Throw<ShardException>()
                .WithMessage(
                    "'runs/r/accepted/train-00000-00000.parquet' is a corrupt shard: " + "its SHA-256 is * where * was committed."
                );
        }
    }

    // Half of the flips hit the footer and the bytes before it, where they do most damage.
    private static IEnumerable<int> Flips(byte[] bytes, int count)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
            yield return i % 2 == 0 ? random.Next(bytes.Length * 8) : random.Next(Math.Max(0, bytes.Length - 6000) * 8, bytes.Length * 8);
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static string Refusal(byte[] bytes)
    {
        var read = () => Shards.Shown(bytes);
        return read.Should().Throw<ShardException>().Which.Message;
    }
}
