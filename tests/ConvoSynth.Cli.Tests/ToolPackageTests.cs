using System.Diagnostics;

namespace ConvoSynth.Cli.Tests;

/// <summary>The .NET tool as a stranger installs it: from a folder of packages, into an empty folder, without the repository.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_installed_tool_generates_copies_a_pack_and_tries_it_without_the_repository()
    {
        var (packages, tools, empty) = (_folder.At("packages"), _folder.At("tools"), _folder.At("empty"));
        Directory.CreateDirectory(empty);
        // Only the folder of packages is asked, so that nothing but what was packed can be installed.
        File.WriteAllText(
            _folder.At("nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"here\" value=\"{packages}\" /></packageSources></configuration>"
        );
        var configuration = Path.GetFileName(Convosynth.Program).StartsWith("debug", StringComparison.OrdinalIgnoreCase)
            ? "Debug"
            : "Release";
        await Dotnet(Convosynth.Repository, "pack", "src/ConvoSynth.Cli", "--no-build", "-c", configuration, "-o", packages, "--nologo");
        await Dotnet(_folder.At("."), "tool", "install", "convosynth", "--tool-path", tools, "--configfile", _folder.At("nuget.config"));

        var help = await Tool("--help");
        var generated = await Tool("generate", "--domain", "library", "--count", "100", "--out", "demo");
        var shown = await Tool("summary", "demo");
        var copied = await Tool("packs", "new", "clinic", "--from", "library");
        var twice = await Tool("packs", "new", "clinic", "--from", "library");
        var listed = await Tool("packs", "list");
        var played = await Tool("generate", "--domain", "clinic", "--domain", "retail", "--count", "4", "--out", "own");

        help.Output.Should().Contain("generate").And.Contain("packs");
        generated.ExitCode.Should().Be(0, generated.Errors);
        File.Exists(Path.Combine(empty, "demo", "run.json")).Should().BeTrue();
        shown.Output.Should().Contain("100");
        copied.ExitCode.Should().Be(0, copied.Errors);
        File.ReadAllText(Path.Combine(empty, "blueprints", "clinic", "domain.yaml")).Should().StartWith("domain: clinic\n");
        File.ReadAllText(Path.Combine(empty, "blueprints", "clinic", "Tools.cs"))
            .Should()
            .Contain("\nnamespace ConvoSynth.Packs.Clinic;\n");
        twice.Sentence().Should().Be("blueprints/clinic exists already; choose another name, or remove it");
        listed.Output.Should().Contain("clinic").And.Contain("library", "a folder of one's own hides no pack of the program's");
        played.ExitCode.Should().Be(0, played.Errors);

        Task<Ran> Tool(params string[] arguments) => Run(Path.Combine(tools, "convosynth"), empty, arguments);
    }

    private static async Task Dotnet(string folder, params string[] arguments)
    {
        var ran = await Run("dotnet", folder, arguments);
        ran.ExitCode.Should().Be(0, ran.Output + ran.Errors);
    }

    private static async Task<Ran> Run(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test's own build must not be taken for the one of the tool.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = new Underway(Process.Start(start)!);
        return await Convosynth.End(process);
    }
}
