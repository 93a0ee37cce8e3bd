using System.Text.Json.Nodes;

namespace ConvoSynth.Cli.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    public async Task A_count_that_is_not_positive_is_refused(string count)
    {
        var ran = await Convosynth.Run("generate", "--domain", "library", "--count", count, "--out", _folder.At("run"));
        ran.Sentence().Should().Be($"the count is {count}; it must be at least 1");
        Directory.Exists(_folder.At("run")).Should().BeFalse();
    }

    [Fact]
    public async Task A_misspelt_option_is_named_and_taken_for_no_domain()
    {
        var ran = await Convosynth.Run("generate", "--domain", "library", "--cout", "5", "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(1);
        ran.Errors.Should().Contain("--cout");
        Directory.Exists(_folder.At("run")).Should().BeFalse();
    }

    [Fact]
    public async Task An_unknown_domain_is_refused_by_name()
    {
        var ran = await Convosynth.Run("generate", "--domain", "librray", "--count", "1", "--out", _folder.At("run"));
        ran.Sentence().Should().StartWith("there is no domain \"librray\"; there are ").And.Contain("library");
    }

    [Fact]
    public async Task An_unknown_model_is_refused_by_name()
    {
        var ran = await Convosynth.Run("generate", "--model", "gpt-none", "--count", "1", "--out", _folder.At("run"));
        ran.Sentence().Should().StartWith("there is no model \"gpt-none\"");
    }

    [Fact]
    public async Task A_mistyped_option_is_named()
    {
        var ran = await Convosynth.Run("generate", "--cuont", "1", "--out", _folder.At("run"));
        ran.ExitCode.Should().NotBe(0);
        ran.Errors.Should().Contain("--cuont").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_left_alone()
    {
        _folder.Write("run/notes.txt", "mine");
        var ran = await Convosynth.Run("generate", "--count", "1", "--out", _folder.At("run"));
        ran.Sentence().Should().Contain("is not empty and holds no run");
        Directory.EnumerateFileSystemEntries(_folder.At("run")).Should().ContainSingle();
    }

    [Fact]
    public async Task An_empty_path_is_refused_in_a_sentence() =>
        (await Convosynth.Run("generate", "--count", "1", "--out", "")).Sentence().Should().Contain("--out is empty");

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        var file = _folder.Write("file", "not a folder");
        var ran = await Convosynth.Run("generate", "--count", "1", "--out", Path.Combine(file, "run"));
        ran.Sentence().Should().Contain(file);
    }

    [Fact]
    public async Task Another_run_in_the_folder_is_neither_overwritten_nor_mixed_with()
    {
        var run = _folder.At("run");
        (await Convosynth.Run("generate", "--domain", "retail", "--count", "6", "--seed", "3", "--out", run)).ExitCode.Should().Be(0);
        var rows = TestFolder.Rows(run);
        rows.Should().HaveCount(6);
        (await Convosynth.Run("generate", "--domain", "retail", "--count", "6", "--seed", "3", "--out", run))
            .Sentence()
            .Should()
            .Contain("holds the run \"run\" already");
        (await Convosynth.Run("generate", "--domain", "retail", "--count", "6", "--seed", "4", "--out", run, "--resume"))
            .Sentence()
            .Should()
            .Contain("holds another run: its seed is 3, not 4");
        (await Convosynth.Run("generate", "--domain", "retail", "--count", "6", "--seed", "3", "--out", run, "--resume"))
            .ExitCode.Should()
            .Be(0);
        TestFolder.Rows(run).Should().Equal(rows);
    }

    [Fact]
    public async Task A_run_goes_on_whose_spec_an_earlier_version_wrote_and_not_where_it_is_damaged()
    {
        string[] command = ["generate", "--domain", "retail", "--count", "4", "--out", _folder.At("run")];
        (await Convosynth.Run(command)).ExitCode.Should().Be(0);
        var file = _folder.At("run", "run.json");
        var spec = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        spec.Remove("prompt_hashes").Should().BeTrue();
        spec.Remove("further_attempts").Should().BeTrue();
        await File.WriteAllTextAsync(file, spec.ToJsonString());

        var ran = await Convosynth.Run([.. command, "--resume"]);

        ran.ExitCode.Should().Be(0, ran.Errors);
        spec["count"] = 0;
        await File.WriteAllTextAsync(file, spec.ToJsonString());
        (await Convosynth.Run([.. command, "--resume"]))
            .Sentence()
            .Should()
            .Be($"{file} is damaged: the count is 0; it must be at least 1");
    }

    [Fact]
    public async Task A_damaged_shard_stops_a_resume_and_a_summary_and_is_named()
    {
        var run = _folder.At("run");
        (await Convosynth.Run("generate", "--domain", "retail", "--count", "4", "--out", run)).ExitCode.Should().Be(0);
        var shard = Directory.EnumerateFiles(run, "*.parquet", SearchOption.AllDirectories).First();
        var bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(shard, bytes);
        (await Convosynth.Run("generate", "--domain", "retail", "--count", "4", "--out", run, "--resume"))
            .Sentence()
            .Should()
            .Contain(shard)
            .And.Contain("corrupt shard");
        (await Convosynth.Run("summary", run)).Sentence().Should().Contain(shard).And.Contain("corrupt shard");
        File.Delete(shard);
        (await Convosynth.Run("summary", run)).Sentence().Should().Contain(shard).And.Contain("missing");
    }

    [Fact]
    public async Task A_broken_pack_is_refused_with_file_and_line()
    {
        var pack = _folder.CopyOfPack("library");
        var personas = Path.Combine(pack, "personas.yaml");
        File.WriteAllText(personas, "- nmae: brief\n" + File.ReadAllText(personas));
        var ran = await Convosynth.Run("generate", "--count", "1", "--packs", _folder.At("packs"), "--out", _folder.At("run"));
        ran.Sentence().Should().StartWith("the pack library cannot be used: personas.yaml:1: ");
        Directory.Exists(_folder.At("run")).Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"bruno": {""", "users.json")]
    [InlineData("""["a", "b"]""", "an object of rows by key is wanted")]
    [InlineData("""{"bruno": 3}""", "the row bruno is no object")]
    public async Task A_broken_database_is_refused_with_its_file(string users, string reason)
    {
        _folder.Write("data/users.json", users);
        _folder.Write("data/products.json", "{}");
        _folder.Write("data/orders.json", "{}");
        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "retail",
            "--data",
            _folder.At("data"),
            "--count",
            "1",
            "--out",
            _folder.At("run")
        );
        ran.Sentence().Should().Contain(_folder.At("data", "users.json")).And.Contain(reason);
    }

    [Fact]
    public async Task A_database_without_rows_is_refused()
    {
        foreach (var table in new[] { "users", "products", "orders" })
            _folder.Write($"data/{table}.json", "{}");
        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "retail",
            "--data",
            _folder.At("data"),
            "--count",
            "1",
            "--out",
            _folder.At("run")
        );
        ran.Sentence().Should().Contain(_folder.At("data", "users.json")).And.Contain("there is no user");
    }
}
