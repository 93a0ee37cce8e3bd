using ConvoSynth.Docs.Tests.Examples;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Docs.Tests;

/// <summary>Specs are read by the program as a run would read them.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class SpecTests : IDisposable
{
    // The last that the program looks at before it loads packs: all of the spec is read by then.
    private const string Refusal = "error: --latency-ms is -1;";

    private static readonly string[] OfPacks =
    [
        "rules.yaml",
        "intents.yaml",
        "personas.yaml",
        "data.yaml",
        "cases.yaml",
        "domain.yaml",
        "worlds.yaml",
        "names.yaml",
        "library-questions",
        "library-lookalikes",
        "library-amendments",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("documented-spec-");

    public static TheoryData<string> Documented =>
        [
            .. Document
                .All.SelectMany(d => d.Blocks)
                .Where(b => b.Language == "yaml" && b.Words.Contains("run-spec", StringComparer.Ordinal))
                .Select(b => $"{b}"),
        ];

    public static TheoryData<string> Shipped =>
        [
            .. Directory
                .EnumerateFiles(Repository.At("infra", "specs"), "*.yaml")
                .Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task Every_documented_spec_is_read(string where)
    {
        var file = Path.Combine(_folder.FullName, "spec.yaml");
        await File.WriteAllTextAsync(file, Document.All.SelectMany(d => d.Blocks).Single(b => $"{b}" == where).Text);

        (await Read(file)).Should().StartWith(Refusal);
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task Every_shipped_spec_is_read(string name) =>
        (await Read(Repository.At("infra", "specs", name))).Should().StartWith(Refusal);

    [Theory]
    [InlineData("endpoints: [{name: a, provider: openai, model: m}]\nroles: {human: a, agent: a}\n", "has no key")]
    [InlineData("cuont: 5\n", "cuont")]
    public async Task A_spec_that_is_wrong_is_found(string text, string reason)
    {
        var file = Path.Combine(_folder.FullName, "spec.yaml");
        await File.WriteAllTextAsync(file, text);

        (await Read(file)).Should().NotStartWith(Refusal).And.Contain(reason);
    }

    [Fact]
    public void Every_yaml_block_is_a_spec_or_a_file_of_a_pack()
    {
        var loose =
            from document in Document.All
            from block in document.Blocks
            where
                block.Language == "yaml"
                && !block.Words.Any(w => w == "run-spec" || OfPacks.Contains(w, StringComparer.Ordinal))
                && !PackTests.Files(document).Any(f => f.Text == block.Text)
            select $"{block}";

        loose.Should().BeEmpty();
    }

    [Theory]
    [InlineData("library-questions", "questions.yaml")]
    [InlineData("library-lookalikes", "lookalikes.yaml")]
    [InlineData("library-amendments", "amendments.yaml")]
    public void A_documented_file_takes_the_place_of_the_library_packs_own(string fence, string file)
    {
        var pack = _folder.CreateSubdirectory("library");
        foreach (var own in Directory.EnumerateFiles(RepositoryRoot.At("blueprints/library"), "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(pack.FullName, Path.GetRelativePath(RepositoryRoot.At("blueprints/library"), own));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(own, to);
        }

        var block = Document
            .All.SelectMany(d => d.Blocks)
            .Single(b => b.Language == "yaml" && b.Words.Contains(fence, StringComparer.Ordinal));
        File.WriteAllText(Path.Combine(pack.FullName, file), block.Text);
        var loaded = PackLoading.Load(pack.FullName);
        (
            file switch
            {
                "questions.yaml" => loaded.Questions.Count,
                "amendments.yaml" => loaded.Amendments.Count,
                _ => loaded.Lookalikes.Count,
            }
        )
            .Should()
            .BePositive();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> Read(string spec)
    {
        var run = Path.Combine(_folder.FullName, "run");
        var said = await ThisProgram.Run(_folder.FullName, ["generate", "--spec", spec, "--latency-ms=-1", "--out", run]);

        said.ExitCode.Should().Be(1);
        Directory.Exists(run).Should().BeFalse();
        return said.Errors;
    }
}
