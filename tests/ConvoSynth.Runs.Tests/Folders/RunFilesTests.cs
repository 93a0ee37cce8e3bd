using System.Security.Cryptography;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Tests.Folders;

public class RunFilesTests
{
    private static readonly DatasetCardFacts Facts = new()
    {
        RunId = "run-1",
        Domains = ["library", "retail"],
        Seed = "42",
        Command = "convosynth generate --domain retail --count 10 --seed 42",
        AcceptedRows = 1200,
        UndecidedRows = 7,
        RejectedRows = 34,
        FailedRows = 2,
        BenchmarkAdjacent = ["tau-bench"],
        Models = ["agent: rehearsal"],
    };

    [Fact]
    public void The_card_tells_datasets_where_the_shards_are_and_which_columns_are_JSON()
    {
        var card = DatasetCard.Text(Facts);
        card.Should().StartWith("---\nlanguage:\n");
        card.Should()
            .Contain(
                """
                configs:
                - config_name: accepted
                  default: true
                  data_files:
                  - split: train
                    path: accepted/*.parquet
                - config_name: undecided
                  data_files:
                  - split: train
                    path: undecided/*.parquet
                - config_name: rejected
                  data_files:
                  - split: train
                    path: rejected/*.parquet
                dataset_info:
                - config_name: accepted
                  features:
                  - name: id
                    dtype: string
                  - name: schema_version
                    dtype: int32
                """
            );
        card.Should()
            .Contain("  - name: messages\n    list: json\n")
            .And.Contain("  - name: tools\n    dtype: json\n")
            .And.Contain("  - name: reject_reasons\n    list: string\n")
            .And.Contain("  - name: index\n    dtype: int64\n");
        card.Should()
            .Contain("modelled on tau-bench")
            .And.Contain("| accepted by | the profile `strict` |")
            .And.Contain("| accepted rows | 1,200 |")
            .And.Contain("| undecided rows | 7 |")
            .And.Contain("1K<n<10K");
        card.Should().NotContain("license");
    }

    [Fact]
    public void Every_column_is_in_the_card_once_per_config_in_file_order()
    {
        var names = DatasetCard
            .Text(Facts)
            .Split('\n')
            .Where(line => line.StartsWith("  - name: ", StringComparison.Ordinal))
            .Select(line => line[10..]);
        names.Should().Equal(ShardSchema.Columns.Concat(ShardSchema.Columns).Concat(ShardSchema.Columns));
    }

    [Fact]
    public void A_config_without_rows_is_left_out()
    {
        var card = DatasetCard.Text(Facts with { UndecidedRows = 0, RejectedRows = 0 });
        card.Should().NotContain("config_name: undecided").And.NotContain("config_name: rejected").And.Contain("config_name: accepted");
        var none = DatasetCard.Text(Facts with { AcceptedRows = 0, UndecidedRows = 0 });
        none.Should()
            .Contain("- config_name: rejected\n  data_files:")
            .And.NotContain("default: true")
            .And.NotContain("load_dataset(\".\", split")
            .And.Contain("load_dataset(\".\", \"accepted\", split=\"train\")  # fails: no row of this run was accepted");
    }

    [Fact]
    public void A_licence_is_written_where_the_owner_gives_one() =>
        DatasetCard.Text(Facts with { License = "cc-by-4.0" }).Should().StartWith("---\nlicense: \"cc-by-4.0\"\n");

    [Fact]
    public void A_pack_comes_back_as_it_was_and_the_same_files_are_the_same_bytes()
    {
        var run = new RunFolder(new MemoryStorage(), "runs/r");
        PackFile[] files = [new("tools/Tools.cs", "class T;"u8.ToArray()), new("domain.yaml", "a: é"u8.ToArray()), new("empty", default)];
        PackArchive.Write(run, "abc", files).Should().BeTrue();
        PackArchive.Write(run, "abc", files).Should().BeFalse();
        PackArchive
            .Read(run, "abc")
            .Select(file => (file.Path, Convert.ToHexString(file.Content.Span)))
            .Should()
            .Equal(
                files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => (file.Path, Convert.ToHexString(file.Content.Span)))
            );
        Tar(files).Should().Equal(Tar(files.Reverse()));
        // The hash of the first version's archive: a change here changes the archives of all packs.
        Convert
            .ToHexStringLower(SHA256.HashData(Tar(files)))
            .Should()
            .Be("fe0b989269107cacaad489e43186ca7fd68a038678bb8fc8141b77390c9f5dc0");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/absolute")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("")]
    public void A_path_that_leaves_the_pack_is_refused(string path)
    {
        var write = () => Tar([new PackFile(path, default)]);
        write.Should().Throw<ArgumentException>().WithMessage($"'{path}' cannot be a file of a pack*");
    }

    [Fact]
    public void A_damaged_pack_is_named()
    {
        var run = new RunFolder(new MemoryStorage(), "runs/r");
        run.WriteFile(run.Packs, "bad.tar", stream => stream.Write(Enumerable.Repeat((byte)7, 700).ToArray()));
        var read = () => PackArchive.Read(run, "bad");
        read.Should().Throw<ShardException>().WithMessage("*bad.tar' is not a sound pack archive*");
    }

    [Fact]
    public void The_summary_manifest_has_all_commits()
    {
        var run = new RunFolder(new MemoryStorage(), "runs/r");
        var manifest = new RunManifest([new CommitRecord(0, 0, 1, 0, 5, 1, new CommittedShard("accepted/x", 5, 99, "ff"), null)]);
        manifest.WriteSummary(run);
        using var stream = new StreamReader(run.Storage.OpenRead("runs/r/manifest.json"));
        stream.ReadToEnd().Should().Contain("\"accepted_rows\": 5").And.Contain("\"sha256\": \"ff\"").And.EndWith("}\n");
    }

    private static byte[] Tar(IEnumerable<PackFile> files)
    {
        using var stream = new MemoryStream();
        PackArchive.Write(stream, files);
        return stream.ToArray();
    }
}
