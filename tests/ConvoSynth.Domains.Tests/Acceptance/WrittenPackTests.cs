using System.Text.RegularExpressions;

namespace ConvoSynth.Domains.Tests.Acceptance;

/// <summary>Extracts the pack that blueprints/README.md has newcomers write, as they would, and checks that it is complete.</summary>
public sealed partial class WrittenPackTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("written-pack-");

    [Fact]
    public void The_pack_that_the_documentation_shows_is_accepted_and_makes_blueprints()
    {
        var files = FileBlock().Matches(File.ReadAllText(Repository.Folder("blueprints/README.md")).ReplaceLineEndings("\n"));
        files
            .Select(f => f.Groups[1].Value)
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
        foreach (Match file in files)
            File.WriteAllText(Path.Combine(_folder.FullName, file.Groups[1].Value), file.Groups[2].Value);

        PackAcceptance.Run(_folder.FullName).Faults.Should().BeEmpty();

        new BlueprintSampler(PackLoading.Load(_folder.FullName)).Unreachable.Should().BeEmpty();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"^\*\*`([\w.]+)`\*\*\n\n```\w+\n(.*?\n)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();
}
