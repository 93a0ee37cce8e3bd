using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ConvoSynth.Cluster.Tests;
using ConvoSynth.Infra.Tests.Images;

namespace ConvoSynth.Infra.Tests.Kubernetes;

/// <summary>The image's entry point, started as the manifest starts it: with its arguments and its configuration.</summary>
public sealed class RunningPod : IDisposable
{
    private const string Password = "a password";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly HttpClient Http = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-pod-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RedisFact]
    public async Task A_silo_answers_its_probes_and_leaves_its_cluster_when_it_is_told_to_end()
    {
        await using var redis = await RedisServer.Start("--requirepass", Password);
        var http = FreePort();
        using var silo = Start(redis, http);
        try
        {
            var said = await silo.StandardOutput.ReadLineAsync();
            said.Should().Contain("has joined", await (said is null ? silo.StandardError.ReadToEndAsync() : Task.FromResult("")));
            var container = Manifests.SiloContainer;
            foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
                (await Http.GetAsync(new Uri($"http://127.0.0.1:{http}{probe.HttpGet.Path}"))).StatusCode.Should().Be(HttpStatusCode.OK);

            using var term = Process.Start("/bin/kill", ["-TERM", silo.Id.ToString(CultureInfo.InvariantCulture)]);
            using var grace = new CancellationTokenSource(
                TimeSpan.FromSeconds(Manifests.Silo.Spec.Template.Spec.TerminationGracePeriodSeconds!.Value)
            );
            await silo.WaitForExitAsync(grace.Token);
            silo.ExitCode.Should().Be(0);
        }
        finally
        {
            if (!silo.HasExited)
                silo.Kill();
        }
    }

    // What a pod has by its volumes and its cluster's names stands elsewhere on this machine.
    private Process Start(RedisServer redis, int http)
    {
        var config = Path.Combine(_folder.FullName, "cluster.json");
        File.WriteAllText(config, Manifests.Configuration);
        var runs = _folder.CreateSubdirectory("runs").FullName;
        var arguments = Manifests.SiloContainer.Args.Select(a => a.EndsWith("/cluster.json", StringComparison.Ordinal) ? config : a);
        return Program.Start(
            Dockerfile.ProgramOf(Dockerfile.Image.EntryPoint),
            new()
            {
                ["ConvoSynth__Cluster__Address"] = "127.0.0.1",
                ["REDIS_PASSWORD"] = Password,
                ["ConvoSynth__Cluster__Redis"] = redis.Address,
                ["ConvoSynth__Cluster__Runs"] = runs,
                ["ConvoSynth__Cluster__Packs"] = RepositoryRoot.At("blueprints"),
                ["ConvoSynth__Cluster__Port"] = "0",
                ["ConvoSynth__Cluster__GatewayPort"] = "0",
                ["ConvoSynth__Cluster__HttpPort"] = http.ToString(CultureInfo.InvariantCulture),
            },
            arguments
        );
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
