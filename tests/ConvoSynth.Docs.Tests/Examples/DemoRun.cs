using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>The run of <c>make run</c>, made once by the command of the Makefile: pages show what it prints.</summary>
public sealed partial class DemoRun : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("documented-demo-");

    /// <summary>The run folder, for pages to read.</summary>
    public string Folder => Path.Combine(_folder.FullName, "runs", "demo");

    /// <summary>What the command printed.</summary>
    public string Summary { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var command = MakeRun().Match(await File.ReadAllTextAsync(Repository.At("Makefile"))).Groups[1].Value;
        PageFolder.Copy(Repository.At("blueprints"), Path.Combine(_folder.FullName, "blueprints"));
        var said = await ThisProgram.Run(_folder.FullName, [.. CommandLineParser.SplitCommandLine(command)]);
        said.ExitCode.Should().Be(0, said.Errors);
        Summary = said.Output;
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [GeneratedRegex(@"^run:.*\n(?:\t.*\n)*?\t\$\(CONVOSYNTH\) (.+)$", RegexOptions.Multiline)]
    private static partial Regex MakeRun();
}
