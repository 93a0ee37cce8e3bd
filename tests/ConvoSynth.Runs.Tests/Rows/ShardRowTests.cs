using System.Security.Cryptography;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Tests.Rows;

public class ShardRowTests
{
    [Fact]
    public void Rows_come_back_as_they_were()
    {
        var rows = Enumerable
            .Range(0, 50)
            .Select(i =>
                SyntheticRows.Make(
                    i,
                    status: (i % 3) switch
                    {
                        0 => RowStatus.Accepted,
                        1 => RowStatus.Undecided,
                        _ => RowStatus.Failed,
                    }
                )
            )
            .ToList();
        rows.Add(new ShardRow { Id = "least", Status = RowStatus.Accepted });
        var (bytes, digest) = Shards.Write(rows);
        Shards.Shown(bytes).Should().Equal(rows.Select(SyntheticRows.Show));
        digest.Should().Be(new ShardDigest(51, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    [Fact]
    public void Every_column_comes_back_from_its_own_place()
    {
        // Each property has a distinct value, so swapped columns are noticed.
        var row = SyntheticRows.Make(3) with
        {
            Accept = "exact",
            RejectReasons = ["rejected"],
            UndecidedReasons = ["undecided"],
            Passes = ["passes"],
            Shape = "shape",
            LabelSource = "label",
            PlantedFault = "fault",
            Attempt = 9,
            SchemaVersion = 1,
            ToolCallCount = 77,
        };
        var names = typeof(ShardRow).GetProperties().Count(p => p.Name != nameof(ShardRow.CellsAreWritten));
        names.Should().Be(ShardSchema.Columns.Count, "every property has a column but the one that says how its cells came about");
        Shards.Shown(Shards.Write([row]).Bytes).Should().Equal(SyntheticRows.Show(row));
    }

    [Fact]
    public void A_shard_without_rows_is_a_shard()
    {
        var (bytes, digest) = Shards.Write([]);
        using var file = Shards.Open(bytes);
        (file.Rows, file.RowGroups, digest.Rows).Should().Be((0, 0, 0));
        file.Read().Should().BeEmpty();
        (file.Find("a"), file.Find(0)).Should().Be((null, null));
    }

    [Fact]
    public void Some_columns_are_read_alone()
    {
        var (bytes, _) = Shards.Write([SyntheticRows.Make(0), SyntheticRows.Make(1)]);
        var counting = new CountingStream(bytes);
        using var file = ShardFile.Open(counting, "shard.parquet");
        counting.Count = 0;
        var rows = file.Read(["slice", "id"]).ToList();
        rows.Select(row => row.Id).Should().Equal("run-1/00000000/0", "run-1/00000001/0");
        rows[0].Slice.Should().Be(SyntheticRows.Make(0).Slice);
        rows.Should().OnlyContain(row => row.Messages.Count == 0 && row.Domain.Length == 0);
        counting.Count.Should().BeLessThan(1000);
    }

    [Fact]
    public void A_column_that_shards_do_not_have_is_refused_by_name()
    {
        using var file = Shards.Open(Shards.Write([SyntheticRows.Make(0)]).Bytes);
        file.Invoking(f => f.Read(["slices"])).Should().Throw<ArgumentException>().WithMessage("'slices' is not a column of shards.*");
    }

    [Fact]
    public void A_row_is_found_by_its_id_in_any_row_group()
    {
        var rows = Enumerable.Range(0, 300).Select(i => SyntheticRows.Make(i)).ToList();
        using var file = Shards.Open(Shards.Write(rows, new() { RowGroupBytes = 500_000 }).Bytes);
        file.RowGroups.Should().BeGreaterThan(5);
        foreach (var wanted in new[] { rows[0], rows[157], rows[299] })
            SyntheticRows.Show(file.Find(wanted.Id)!).Should().Be(SyntheticRows.Show(wanted));
        file.Find("run-1/00000300/0").Should().BeNull();
    }

    [Fact]
    public void A_row_is_found_by_its_index_for_one_row_group()
    {
        var rows = Enumerable.Range(0, 600).Select(i => SyntheticRows.Make(i * 2)).ToList();
        var (bytes, _) = Shards.Write(rows, new() { RowGroupBytes = 500_000 });
        var counting = new CountingStream(bytes);
        using var file = ShardFile.Open(counting, "shard.parquet");
        foreach (var wanted in new[] { rows[0], rows[157], rows[599] })
        {
            counting.Count = 0;
            SyntheticRows.Show(file.Find(wanted.Index)!).Should().Be(SyntheticRows.Show(wanted));
            counting.Count.Should().BeLessThan(bytes.Length / 10);
        }

        file.Find(315).Should().BeNull();
        file.Find(1200).Should().BeNull();
    }

    [Fact]
    public void Of_several_attempts_at_an_index_the_last_is_found()
    {
        var rows = Enumerable.Range(0, 3).Select(i => SyntheticRows.Make(5) with { Id = $"r/5/{i}", Attempt = i });
        using var file = Shards.Open(Shards.Write(rows, new() { RowGroupBytes = 4096 }).Bytes);
        file.RowGroups.Should().Be(3);
        file.Find(5)!.Id.Should().Be("r/5/2");
    }

    [Fact]
    public void A_row_that_no_reader_could_take_is_refused_by_column()
    {
        var good = SyntheticRows.Make(0);
        good.Problem().Should().BeNull();
        (good with { Id = "" }).Problem().Should().Be("the row of index 0 has no id.");
        (good with { Status = "done" }).Problem().Should().Contain("status 'done'");
        (good with { Intent = "\uD800" }).Problem().Should().Contain("column 'intent' has half of a surrogate pair");
        (good with { RejectReasons = ["a", "\uDC00"] })
            .Problem()
            .Should()
            .Contain("element 1 of column 'reject_reasons' has half of a surrogate pair");
        (good with { Tools = "[1,"u8.ToArray() }).Problem().Should().Contain("column 'tools' is not a JSON document");
        (good with { Tools = """["\ud83d"]"""u8.ToArray() })
            .Problem()
            .Should()
            .Contain("column 'tools' is not a JSON document", "DuckDB refuses a file with half a pair");
        (good with { Tools = """["\ud83d\ude00"]"""u8.ToArray() }).Problem().Should().BeNull();
        (good with { Verdicts = ["{}"u8.ToArray(), "{} {}"u8.ToArray()] }).Problem().Should().Contain("element 1 of column 'verdicts'");
        (good with { Verdicts = ["{}"u8.ToArray(), default] })
            .Problem()
            .Should()
            .Contain("element 1 of column 'verdicts' is not a JSON document");
        (good with { Usage = new byte[] { 0x22, 0xFF, 0x22 } }).Problem().Should().Contain("column 'usage'");
        (good with { Instruction = new string('é', 20_000_000), Intent = new string('x', 30_000_000) })
            .Problem()
            .Should()
            .MatchRegex(
                "row 'run-1/00000000/0' has 70[0-9]{6} bytes, 40000000 of them in one value of column 'instruction': "
                    + "67108864 is the most that a row may have\\."
            );
        (good with { MessageMeta = [] }).Problem().Should().Contain("message_meta has 0 elements");
    }

    [Fact]
    public void A_row_that_is_refused_leaves_the_shard_as_it_was()
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetShards().Begin(stream);
        writer.Append(SyntheticRows.Make(0));
        writer
            .Invoking(w => w.Append(SyntheticRows.Make(1) with { Models = "{"u8.ToArray() }))
            .Should()
            .Throw<ShardException>()
            .Where(e => e.Fault == ShardError.BadRow);
        writer.Append(SyntheticRows.Make(2));
        writer.Finish();
        Shards.Shown(stream.ToArray()).Should().Equal(SyntheticRows.Show(SyntheticRows.Make(0)), SyntheticRows.Show(SyntheticRows.Make(2)));
    }
}
