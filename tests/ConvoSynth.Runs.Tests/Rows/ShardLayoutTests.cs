using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using Parquet;

namespace ConvoSynth.Runs.Tests.Rows;

public class ShardLayoutTests
{
    [Fact]
    public void The_same_rows_give_the_same_bytes_whatever_was_written_before()
    {
        var rows = Enumerable.Range(0, 400).Select(i => SyntheticRows.Make(i)).ToList();
        var first = Shards.Write(rows);
        Shards.Write(rows.Take(7));
        Shards.Write(rows).Bytes.Should().Equal(first.Bytes);
    }

    // A replay compares shards byte for byte if the run has this program's format.
    [Fact]
    public void The_bytes_of_shards_are_those_of_this_format_so_raise_the_format_when_they_change()
    {
        var rows = Enumerable
            .Range(0, 300)
            .Select(i =>
                SyntheticRows.Make(
                    i,
                    status: (i % 3) switch
                    {
                        0 => RowStatus.Rejected,
                        1 => RowStatus.Undecided,
                        _ => RowStatus.Accepted,
                    }
                )
            );
        Shards
            .Write(rows)
            .Digest.Should()
            .Be(new ShardDigest(300, 706_574, "00e937ebcdd7e580b89176acd58ba66c0e8ca2027ec648d6f3b14b840a805a5e"));
        RunFormat.Current.Should().Be(5);
    }

    [Fact]
    public void A_row_group_ends_with_the_row_that_fills_it()
    {
        var rows = Enumerable.Range(0, 100).Select(i => SyntheticRows.Make(i)).ToList();
        var sizes = rows.ConvertAll(row => RawBytes([row]));
        RawBytes(rows).Should().Be(sizes.Sum());
        var expected = new List<long>();
        var (bytes, count) = (0L, 0);
        foreach (var size in sizes)
        {
            (bytes, count) = (bytes + size, count + 1);
            if (bytes < 300_000)
                continue;
            expected.Add(count);
            (bytes, count) = (0, 0);
        }

        if (count > 0)
            expected.Add(count);
        var file = Shards.Write(rows, new() { RowGroupBytes = 300_000 }).Bytes;
        expected.Count.Should().BeGreaterThan(3);
        Groups(file).Should().Equal(expected);
    }

    [Fact]
    public void Row_groups_of_rows_without_text_end_too()
    {
        var file = Shards
            .Write(
                Enumerable.Range(0, 2000).Select(_ => new ShardRow { Id = "a", Status = RowStatus.Failed }),
                new() { RowGroupBytes = 4096 }
            )
            .Bytes;
        Groups(file).Should().OnlyContain(rows => rows < 200);
    }

    [Fact]
    public void A_shard_says_what_wrote_it()
    {
        var parquet = Parquet(Shards.Write([]).Bytes);
        parquet
            .Metadata!.CreatedBy.Should()
            .Be($"Parquet.Net version {ParquetShards.PackageVersion}")
            .And.MatchRegex(@"version \d+\.\d+\.\d+$");
        parquet.CustomMetadata.Should().Equal(new Dictionary<string, string> { [ShardSchema.VersionKey] = "4" });
    }

    [Theory]
    [InlineData(4095)]
    [InlineData((64 << 20) + 1)]
    public void A_row_group_out_of_range_is_refused(int bytes)
    {
        var make = () => new ParquetShards(new() { RowGroupBytes = bytes });
        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"RowGroupBytes is {bytes}: it must be from 4096 to 67108864.*");
    }

    private static long RawBytes(IEnumerable<ShardRow> rows)
    {
        using var writer = new ParquetShards().Begin(Stream.Null);
        foreach (var row in rows)
            writer.Append(row);
        return writer.RawBytes;
    }

    private static List<long> Groups(byte[] file) => [.. Parquet(file).RowGroups.Select(group => group.RowCount)];

    private static ParquetReader Parquet(byte[] file) => Synchronous.End(ParquetReader.CreateAsync(new MemoryStream(file)));
}
