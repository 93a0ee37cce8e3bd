namespace ConvoSynth.Architecture.Tests;

/// <summary>Which projects each project may reference. An arrow never runs back up.</summary>
public sealed class Layout
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["ConvoSynth.Core"] = [],
        ["ConvoSynth.Domains"] = ["ConvoSynth.Core"],
        ["ConvoSynth.Models"] = ["ConvoSynth.Core"],
        ["ConvoSynth.Dialogues"] = ["ConvoSynth.Core", "ConvoSynth.Domains", "ConvoSynth.Models"],
        ["ConvoSynth.Verification"] = ["ConvoSynth.Core", "ConvoSynth.Domains", "ConvoSynth.Models", "ConvoSynth.Dialogues"],
        ["ConvoSynth.Rehearsal"] =
        [
            "ConvoSynth.Core",
            "ConvoSynth.Domains",
            "ConvoSynth.Models",
            "ConvoSynth.Dialogues",
            "ConvoSynth.Verification",
        ],
        ["ConvoSynth.Runs"] =
        [
            "ConvoSynth.Core",
            "ConvoSynth.Domains",
            "ConvoSynth.Models",
            "ConvoSynth.Dialogues",
            "ConvoSynth.Verification",
            "ConvoSynth.Rehearsal",
        ],
        ["ConvoSynth.ObjectStorage"] = ["ConvoSynth.Runs"],
        ["ConvoSynth.Grains"] = ["ConvoSynth.Core", "ConvoSynth.Verification", "ConvoSynth.Runs"],
        ["ConvoSynth.Cluster"] = ["ConvoSynth.Core", "ConvoSynth.Runs", "ConvoSynth.Grains"],
        ["ConvoSynth.Review"] = ["ConvoSynth.Core", "ConvoSynth.Verification", "ConvoSynth.Runs"],
        ["ConvoSynth.Export"] = ["ConvoSynth.Core", "ConvoSynth.Verification", "ConvoSynth.Runs"],
        ["ConvoSynth.Serve"] =
        [
            "ConvoSynth.Core",
            "ConvoSynth.Domains",
            "ConvoSynth.Models",
            "ConvoSynth.Dialogues",
            "ConvoSynth.Verification",
            "ConvoSynth.Rehearsal",
            "ConvoSynth.Runs",
            "ConvoSynth.Export",
        ],
        ["ConvoSynth.Cli"] =
        [
            "ConvoSynth.Core",
            "ConvoSynth.Domains",
            "ConvoSynth.Models",
            "ConvoSynth.Dialogues",
            "ConvoSynth.Verification",
            "ConvoSynth.Rehearsal",
            "ConvoSynth.Runs",
            "ConvoSynth.Grains",
            "ConvoSynth.ObjectStorage",
            "ConvoSynth.Cluster",
            "ConvoSynth.Review",
            "ConvoSynth.Export",
            "ConvoSynth.Serve",
        ],
    };

    [Fact]
    public void Every_project_has_its_place_and_references_only_what_lies_below_it()
    {
        Sources.References.Should().HaveCountGreaterThan(8);
        foreach (var (project, references) in Sources.References)
        {
            Allowed.Should().ContainKey(project, "a new project is given a place in the layout first");
            references.Should().BeSubsetOf(Allowed[project], "of {0}", project);
        }
    }

    [Fact]
    public void Core_depends_on_nothing()
    {
        Sources.References["ConvoSynth.Core"].Should().BeEmpty();
        Sources.Packages("ConvoSynth.Core").Should().BeEmpty();
    }

    [Fact]
    public void Only_the_hosting_file_knows_how_the_grains_are_hosted_so_that_they_run_on_silos_and_simulator_alike()
    {
        string[] hosting = ["Orleans.Configuration", "Orleans.Hosting", "Orleans.Serialization"];

        var knowing = Sources
            .Code("src", "ConvoSynth.Grains")
            .Where(f => !f.Path.StartsWith("src/ConvoSynth.Grains/Hosting/", StringComparison.Ordinal))
            .Where(f => f.Lines.Any(l => hosting.Any(h => l.Contains(h, StringComparison.Ordinal))))
            .Select(f => f.Path);

        knowing.Should().Equal("src/ConvoSynth.Grains/GrainHosting.cs");
    }

    [Theory]
    [InlineData("ConvoSynth.Core")]
    [InlineData("ConvoSynth.Domains")]
    [InlineData("ConvoSynth.Models")]
    [InlineData("ConvoSynth.Dialogues")]
    [InlineData("ConvoSynth.Verification")]
    [InlineData("ConvoSynth.Rehearsal")]
    [InlineData("ConvoSynth.Runs")]
    public void What_lies_below_the_grains_knows_no_actor(string project)
    {
        Sources
            .Code("src", project)
            .Should()
            .NotBeEmpty()
            .And.NotContain(f => f.Lines.Any(l => l.Contains("Orleans", StringComparison.Ordinal)));
    }
}
