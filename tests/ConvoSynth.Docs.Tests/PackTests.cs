using System.Text.RegularExpressions;
using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Docs.Tests;

/// <summary>The pack that the guide tells newcomers to write is taken out of it as they would, and must be whole.</summary>
public sealed partial class PackTests : IDisposable
{
    private const string Guide = "docs/packs.md";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("documented-pack-");

    public static TheoryData<string> Fragments =>
        [
            .. Document
                .All.SelectMany(d => d.Blocks)
                .Where(b => b.Language == "yaml" && b.Words.Any(w => w.EndsWith(".yaml", StringComparison.Ordinal)))
                .Select(b => $"{b}"),
        ];

    [Fact]
    public void The_pack_that_the_documentation_shows_is_accepted_and_makes_blueprints()
    {
        Write()
            .Should()
            .BeEquivalentTo(
                "domain.yaml",
                "Tools.cs",
                "policy.md",
                "rules.yaml",
                "intents.yaml",
                "personas.yaml",
                "data.yaml",
                "cases.yaml"
            );

        PackAcceptance.Run(_folder.FullName).Faults.Should().BeEmpty();

        new BlueprintSampler(PackLoading.Load(_folder.FullName)).Unreachable.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Fragments))]
    public void Every_fragment_of_a_pack_is_accepted_at_the_end_of_its_file(string where)
    {
        var fragment = Document.All.SelectMany(d => d.Blocks).Single(b => $"{b}" == where);
        Write();
        File.AppendAllText(Path.Combine(_folder.FullName, fragment.Words.Single()), fragment.Text);

        PackAcceptance.Run(_folder.FullName).Faults.Should().BeEmpty();

        new BlueprintSampler(PackLoading.Load(_folder.FullName)).Unreachable.Should().BeEmpty();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The files of a pack that a page shows, each under its name in bold.</summary>
    internal static IEnumerable<(string Name, string Text)> Files(Document document) =>
        FileBlock().Matches(document.Text).Select(f => (f.Groups[1].Value, f.Groups[2].Value));

    private List<string> Write()
    {
        var names = new List<string>();
        foreach (var (name, text) in Files(Document.Of(Guide)))
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), text);
            names.Add(name);
        }

        return names;
    }

    [GeneratedRegex(@"^\*\*`([\w.]+)`\*\*\n\n```\w+\n(.*?\n)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();
}
