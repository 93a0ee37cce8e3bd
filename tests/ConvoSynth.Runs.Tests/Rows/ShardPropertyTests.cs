using System.Text;
using ConvoSynth.Runs.Rows;
using FsCheck.Xunit;

namespace ConvoSynth.Runs.Tests.Rows;

public class ShardPropertyTests
{
    [Property(Arbitrary = [typeof(OddRows)], MaxTest = 100, EndSize = 40)]
    public void Whatever_rows_may_have_comes_back(ShardRow[] rows, bool compressed, byte groups)
    {
        var compression = compressed ? ShardCompression.Zstd : ShardCompression.None;
        var options = new ParquetShardOptions { Compression = compression, RowGroupBytes = 4096 << (groups % 11) };
        var (bytes, _) = Shards.Write(rows, options);
        Shards.Shown(bytes).Should().Equal(rows.Select(SyntheticRows.Show));
        Shards.Write(rows, options).Bytes.Should().Equal(bytes);
        using var file = Shards.Open(bytes);
        foreach (var row in rows)
            file.Find(row.Index)!.Index.Should().Be(row.Index);
    }

    [Fact]
    public void Ten_megabytes_in_a_text_and_in_a_document_come_back_among_small_rows()
    {
        var large = string.Concat(Enumerable.Repeat("é語😀 ", 1_000_000));
        var row = SyntheticRows.Make(1) with { Instruction = large, Tools = Encoding.UTF8.GetBytes($"[\"{large}\"]") };
        Encoding.UTF8.GetByteCount(large).Should().Be(10_000_000);
        ShardRow[] rows = [SyntheticRows.Make(0), row, SyntheticRows.Make(2)];
        var (bytes, _) = Shards.Write(rows);
        Shards.Shown(bytes).Should().Equal(rows.Select(SyntheticRows.Show));
    }

    [Fact]
    public void A_row_with_a_hundred_thousand_elements_in_its_lists_comes_back()
    {
        var many = Enumerable.Range(0, 100_000).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{i}")).ToArray();
        string[] reasons = [.. many.Select(_ => "")];
        var row = SyntheticRows.Make(0) with { Messages = many, MessageMeta = many, Verdicts = many, RejectReasons = reasons };
        Shards
            .Shown(Shards.Write([row, SyntheticRows.Make(1)]).Bytes)
            .Should()
            .Equal(SyntheticRows.Show(row), SyntheticRows.Show(SyntheticRows.Make(1)));
    }
}
