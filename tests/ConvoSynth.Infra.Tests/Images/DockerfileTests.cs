using System.Text.RegularExpressions;
using System.Xml.Linq;
using ConvoSynth.Cluster;
using ConvoSynth.Infra.Tests.Compose;
using ConvoSynth.Infra.Tests.Kubernetes;
using ConvoSynth.Infra.Tests.Settings;

namespace ConvoSynth.Infra.Tests.Images;

/// <summary>The image has what the program needs, and starts it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly Dockerfile Image = Dockerfile.Image;

    [Fact]
    public void What_the_build_reads_exists_and_is_sent_to_it()
    {
        var sent = Infra.Read("Dockerfile.dockerignore").Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..]);

        Image.Read.Should().BeEquivalentTo(sent);
        Image.Read.Select(s => RepositoryRoot.At(s)).Should().OnlyContain(f => Path.Exists(f));
    }

    [Fact]
    public void The_build_reads_every_file_that_a_project_of_the_program_names()
    {
        var named =
            from project in Directory.EnumerateFiles(RepositoryRoot.At("src"), "*.csproj", SearchOption.AllDirectories)
            from attribute in XDocument.Load(project).Descendants("None").Attributes("Include")
            from Match match in OfTheRoot().Matches(attribute.Value)
            select match.Groups[1].Value;
        var ofProps = OfTheFolder().Matches(File.ReadAllText(RepositoryRoot.At("Directory.Build.props"))).Select(m => m.Groups[1].Value);

        var all = named.Concat(ofProps).Distinct(StringComparer.Ordinal).ToArray();
        all.Should().HaveCountGreaterThan(2);
        // The first is the output.
        all.Except(["artifacts"]).Should().BeSubsetOf(Image.Read);
        Image.Read.Should().Contain(".editorconfig", "warnings are errors, and it says which are off");
    }

    [Fact]
    public void The_final_image_takes_the_published_folder_and_starts_the_program_in_it()
    {
        var publish = Image.Instructions.Single(i => i.Arguments.Contains("dotnet publish", StringComparison.Ordinal)).Arguments;
        var output = publish.Split(' ').SkipWhile(w => w != "--output").ElementAt(1);

        Image.Final.Should().ContainSingle(i => i.Name == "COPY" && i.Arguments == $"--from=build {output} ./");
        Path.GetDirectoryName(Image.EntryPoint).Should().Be(Image.Last("WORKDIR"));
        File.Exists(Dockerfile.ProgramOf(Image.EntryPoint)).Should().BeTrue();
    }

    [Fact]
    public async Task The_entry_point_runs()
    {
        using var process = Program.Start(Dockerfile.ProgramOf(Image.EntryPoint), [], ["--version"]);
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(0);
        said.Should().StartWith(ClusterSettings.Version);
    }

    [Fact]
    public void Both_base_images_are_of_the_programs_framework_and_the_final_one_has_no_shell_and_no_root()
    {
        var framework = XDocument.Load(RepositoryRoot.At("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        var bases = Image.Instructions.Where(i => i.Name == "FROM").Select(i => i.Arguments).ToArray();

        var tag = $":{framework["net".Length..]}-";
        bases.Should().HaveCount(2).And.OnlyContain(b => b.Contains(tag, StringComparison.Ordinal));
        bases[^1].Should().EndWith("-chiseled").And.Contain("/aspnet:", "silos and the test endpoint answer HTTP");
        int.Parse(Image.Last("USER"), System.Globalization.CultureInfo.InvariantCulture).Should().BePositive();
        Image.Final.Should().ContainSingle(i => i.Arguments.Contains($"--chown={Image.Last("USER")}:", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Configured))]
    public void Every_configuration_names_the_ports_and_packs_of_the_image_and_a_folder_that_its_user_owns(string json)
    {
        var settings = Configurations.Settings(json);

        Image.Last("EXPOSE").Should().Be($"{settings.Port} {settings.GatewayPort} {settings.HttpPort}");
        settings.Packs.Should().Be($"{Image.Last("WORKDIR")}/blueprints");
        Image.Final.Should().ContainSingle(i => i.Name == "COPY" && i.Arguments.EndsWith($" {settings.Runs}", StringComparison.Ordinal));
    }

    public static TheoryData<string> Configured => [Manifests.Configuration, ComposeFile.Configuration];

    [GeneratedRegex(@"^\.\./\.\./([^/]+)")]
    private static partial Regex OfTheRoot();

    [GeneratedRegex(@"\$\(MSBuildThisFileDirectory\)([\w.]+)")]
    private static partial Regex OfTheFolder();
}
