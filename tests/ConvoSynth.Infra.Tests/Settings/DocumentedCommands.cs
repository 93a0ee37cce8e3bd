using System.CommandLine.Parsing;
using ConvoSynth.Infra.Tests.Compose;
using ConvoSynth.Infra.Tests.Images;
using ConvoSynth.Infra.Tests.Kubernetes;
using k8s.Models;

namespace ConvoSynth.Infra.Tests.Settings;

/// <summary>Commands for containers on the page about clusters name services, pods, secrets and options that exist.</summary>
public sealed class DocumentedCommands
{
    private const string Fence = "```sh needs-containers";

    private static readonly string[][] Lines =
    [
        .. File.ReadAllText(RepositoryRoot.At("docs", "cluster.md"))
            .Split(Fence)
            .Skip(1)
            .Select(b => b[(b.IndexOf('\n', StringComparison.Ordinal) + 1)..b.IndexOf("\n```", StringComparison.Ordinal)])
            .SelectMany(b => b.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(l => CommandLineParser.SplitCommandLine(l).ToArray()),
    ];

    [Fact]
    public void Every_command_of_the_program_in_a_container_is_understood()
    {
        var program = Dockerfile.Image.EntryPoint;
        var inCompose = Lines.Where(l => l.Contains("client")).Select(l => l[(Array.IndexOf(l, "client") + 1)..]);
        var inPods = Lines.Where(l => l.Contains(program)).Select(l => l[(Array.IndexOf(l, program) + 1)..]);

        var commands = inCompose.Concat(inPods).Select(l => l.TakeWhile(w => w != "<").ToArray()).ToArray();
        commands.Should().HaveCount(4);
        commands.SelectMany(c => Program.Root().Parse(c).Errors).Should().BeEmpty();
        var files = ComposeFile.Cluster.Services["client"].Mounts.Select(m => m.Target).Append("/dev/stdin");
        commands.SelectMany(c => c).Where(w => w[0] == '/').Should().BeSubsetOf(files);
    }

    [Fact]
    public void Every_pod_set_and_secret_of_a_command_is_one_of_the_manifests()
    {
        var name = Manifests.Silo.Metadata.Name;
        Lines
            .Where(l => l.Contains("exec"))
            .SelectMany(l => l.Where(w => w.StartsWith("convosynth-", StringComparison.Ordinal)))
            .Should()
            .OnlyContain(w => w == $"{name}-0");
        Lines.Single(l => l.Contains("scale")).Should().Contain(name);

        var made = Lines.Where(l => l.Contains("secret")).Select(l => (Name: l[4], Key: l[5].Split('=')[1])).ToArray();
        var wanted = Manifests
            .Of<V1StatefulSet>()
            .SelectMany(s => s.Spec.Template.Spec.Containers)
            .SelectMany(c => c.Env)
            .Select(e => e.ValueFrom.SecretKeyRef)
            .Where(k => k is not null)
            .ToArray();
        made.Should().BeSubsetOf(wanted.Select(k => (k.Name, k.Key)));
        wanted.Where(k => k.Optional != true).Select(k => (k.Name, k.Key)).Should().BeSubsetOf(made);
    }

    [Fact]
    public void The_key_of_the_claim_is_that_of_the_configuration()
    {
        var settings = Configurations.Settings(Manifests.Configuration);

        File.ReadAllText(RepositoryRoot.At("docs", "cluster.md")).Should().Contain($"`{settings.ServiceId}/root/{settings.ClusterId}`");
    }
}
