using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Shards.Tests.Rows;

public class ShardRowTests
{
    [Fact]
    public void Rows_come_back_as_they_were()
    {
        var rows = Enumerable.Range(0, 50).Select(i => SyntheticRows.Make(i, status: i % 2 == 0 ? RowStatus.Accepted : RowStatus.Failed)).ToList();
        rows.Add(new ShardRow { Id = "least", Status = RowStatus.Accepted });
        var (bytes, digest) = Write(rows);
        using var file = Open(bytes);
        foreach (var (back, row) in ShardRowReader.Read(file).Zip(rows))
            SyntheticRows.Show(back).Should().Be(SyntheticRows.Show(row));
        file.Rows.Should().Be(51);
        digest.Should().Be(new ShardDigest(51, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    [Fact]
    public void Every_column_comes_back_from_its_own_place()
    {
        // Each property has a value of its own, so no two columns can be mixed up unseen.
        var row = SyntheticRows.Make(3) with { Shape = "shape", LabelSource = "label", PlantedFault = "fault", Attempt = 9, SchemaVersion = 1, ToolCallCount = 77 };
        var names = typeof(ShardRow).GetProperties().Count(p => p.Name != nameof(ShardRow.CellsAreWritten));
        names.Should().Be(ShardSchema.Columns.Count, "every property has a column but the one that says how its cells came about");
        var (bytes, _) = Write([row]);
        using var file = Open(bytes);
        SyntheticRows.Show(ShardRowReader.Read(file).Single()).Should().Be(SyntheticRows.Show(row));
    }

    [Fact]
    public void Some_columns_can_be_read_alone()
    {
        var (bytes, _) = Write([SyntheticRows.Make(0), SyntheticRows.Make(1)]);
        using var file = Open(bytes);
        var rows = ShardRowReader.Read(file, ["slice", "id"]).ToList();
        rows.Select(row => row.Id).Should().Equal("run-1/00000000/0", "run-1/00000001/0");
        rows[0].Slice.Should().Be(SyntheticRows.Make(0).Slice);
        rows.Should().OnlyContain(row => row.Messages.Count == 0 && row.Domain.Length == 0);
    }

    [Fact]
    public void A_column_that_shards_do_not_have_is_refused_by_name()
    {
        var (bytes, _) = Write([SyntheticRows.Make(0)]);
        using var file = Open(bytes);
        var read = () => ShardRowReader.Read(file, ["slices"]).ToList();
        read.Should().Throw<ArgumentException>().WithMessage("'slices' is not a column of shards.*");
    }

    [Fact]
    public void A_row_is_found_by_its_id_in_any_row_group()
    {
        var rows = Enumerable.Range(0, 300).Select(i => SyntheticRows.Make(i)).ToList();
        var (bytes, _) = Write(rows, new ParquetWriterOptions { RowGroupBytes = 500_000 });
        using var file = Open(bytes);
        file.RowGroups.Count.Should().BeGreaterThan(5);
        foreach (var wanted in new[] { rows[0], rows[157], rows[299] })
            SyntheticRows.Show(ShardRowReader.Find(file, wanted.Id)!).Should().Be(SyntheticRows.Show(wanted));
        ShardRowReader.Find(file, "run-1/00000300/0").Should().BeNull();
    }

    [Fact]
    public void A_row_is_found_by_its_index_for_one_page_of_each_column()
    {
        var rows = Enumerable.Range(0, 300).Select(i => SyntheticRows.Make(i * 2)).ToList();
        var (bytes, _) = Write(rows, new ParquetWriterOptions { PageBytes = 32 << 10, RowGroupBytes = 2_000_000 });
        var counting = new Parquet.CountingStream(bytes);
        using var file = ParquetFile.Open(counting, "shard.parquet");
        foreach (var wanted in new[] { rows[0], rows[157], rows[299] })
        {
            counting.Count = 0;
            SyntheticRows.Show(ShardRowReader.Find(file, wanted.Index)!).Should().Be(SyntheticRows.Show(wanted));
            counting.Count.Should().BeLessThan(bytes.Length / 6);
        }

        ShardRowReader.Find(file, 315).Should().BeNull();
        ShardRowReader.Find(file, 600).Should().BeNull();
    }

    [Fact]
    public void No_tools_and_no_text_are_null_in_the_file()
    {
        var (bytes, _) = Write([new ShardRow { Id = "a", Status = RowStatus.Rejected }]);
        using var file = Open(bytes);
        var cursor = file.ReadRows(0, ["tools", "intent", "messages"]);
        cursor.NextRow();
        (cursor.Value(0), cursor.Value(1)).Should().Be((null, null));
        cursor.Value(2).As<List<object?>>().Should().BeEmpty();
    }

    [Fact]
    public void A_row_that_no_reader_could_take_is_refused_by_column()
    {
        var good = SyntheticRows.Make(0);
        good.Problem().Should().BeNull();
        (good with { Id = "" }).Problem().Should().Be("the row of index 0 has no id.");
        (good with { Status = "done" }).Problem().Should().Contain("status 'done'");
        (good with { Intent = "\uD800" }).Problem().Should().Contain("column 'intent' has half of a surrogate pair");
        (good with { Tools = "[1,"u8.ToArray() }).Problem().Should().Contain("column 'tools' is not a JSON document");
        (good with { Verdicts = ["{}"u8.ToArray(), "{} {}"u8.ToArray()] }).Problem().Should().Contain("element 1 of column 'verdicts'");
        (good with { Usage = new byte[] { 0x22, 0xFF, 0x22 } }).Problem().Should().Contain("column 'usage'");
        (good with { Instruction = new string('é', 20_000_000), Intent = new string('x', 30_000_000) }).Problem()
            .Should().MatchRegex("row 'run-1/00000000/0' has 70[0-9]{6} bytes, 40000000 of them in one value of column 'instruction': 67108864 is the most that a row may have\\.");
        (good with { MessageMeta = [] }).Problem().Should().Contain("message_meta has 0 elements");
    }

    [Fact]
    public void A_file_of_other_columns_is_no_shard()
    {
        var bytes = Parquet.Files.Write(new ParquetSchema(PrimitiveField.Int64("id")), [[5L]]);
        using var file = Open(bytes);
        var read = () => ShardRowReader.Read(file).ToList();
        read.Should().Throw<ShardException>().WithMessage("'shard.parquet' is not a shard of trajectories: its column 'id' has another type.");
    }

    [Fact]
    public void The_same_rows_give_the_same_shard()
    {
        var rows = Enumerable.Range(0, 100).Select(i => SyntheticRows.Make(i)).ToList();
        Write(rows).Digest.Should().Be(Write(rows).Digest);
    }

    private static (byte[] Bytes, ShardDigest Digest) Write(IEnumerable<ShardRow> rows, ParquetWriterOptions? options = null)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetShards(options).Begin(stream);
        foreach (var row in rows)
            writer.Append(row);
        var digest = writer.Finish();
        return (stream.ToArray(), digest);
    }

    private static ParquetFile Open(byte[] bytes) => ParquetFile.Open(new MemoryStream(bytes), "shard.parquet");
}
