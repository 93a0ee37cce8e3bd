using System.CommandLine;
using System.Text.Json;
using ConvoSynth.Cli.Commands;

namespace ConvoSynth.Serve.Tests;

/// <summary>The files with which a host of OpenEnv starts a server.</summary>
public sealed class OpenEnvFilesTests
{
    private static readonly Dictionary<string, string> Manifest = File.ReadLines(RepositoryRoot.At("infra", "openenv", "openenv.yaml"))
        .Where(l => !l.StartsWith('#'))
        .Select(l => l.Split(": ", 2))
        .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    private static readonly string[] Image =
    [
        .. File.ReadLines(RepositoryRoot.At("infra", "openenv", "Dockerfile")).Where(l => !l.StartsWith('#')),
    ];

    [Fact]
    public void The_manifest_has_the_fields_of_openenvs_own_environments()
    {
        Manifest.Keys.Should().Equal("spec_version", "name", "type", "runtime", "app", "port");
        Manifest["spec_version"].Should().Be("1");
        Manifest["name"].Should().MatchRegex("^[a-z][a-z_]*$");
    }

    /// <summary>
    /// The fields of the manifest, as the README of the extension azure.ai.rle in Azure/azure-dev has them: a Gym of OpenEnv needs no more.
    /// </summary>
    [Fact]
    public void The_manifest_of_azd_names_the_same_environment_as_a_gym_of_openenv()
    {
        var lines = File.ReadAllLines(RepositoryRoot.At("infra", "openenv", "rle.toml")).Where(l => l.Length > 0 && l[0] != '#').ToArray();

        lines
            .Should()
            .Equal(
                "schema_version = \"1.0.0\"",
                "[rle]",
                $"name = \"{Manifest["name"]}\"",
                "version = \"1.0.0\"",
                "type = \"Gym\"",
                "subtype = \"OpenEnv\""
            );
    }

    [Fact]
    public void The_image_starts_a_server_on_the_port_of_the_manifest_with_a_command_that_the_program_takes()
    {
        var command = JsonSerializer.Deserialize<string[]>(
            Image.Single(l => l.StartsWith("CMD ", StringComparison.Ordinal))["CMD ".Length..]
        )!;
        var root = new RootCommand();
        foreach (var own in CommandList.All())
            root.Subcommands.Add(own);

        root.Parse(command).Errors.Should().BeEmpty();
        command[Array.IndexOf(command, "--port") + 1].Should().Be(Manifest["port"]);
        Image.Should().Contain($"EXPOSE {Manifest["port"]}");
        command.Should().Contain("--token-variable", "the address is beyond loopback");
        // The program's image, whose entry point the command is for.
        Image[0].Should().Be("FROM convosynth");
        File.ReadAllText(RepositoryRoot.At("infra", "Dockerfile")).Should().Contain("--tag convosynth .").And.Contain("ENTRYPOINT");
    }
}
