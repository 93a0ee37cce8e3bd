using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ConvoSynth.Cli.Telemetry;
using OpenTelemetry.Metrics;

namespace ConvoSynth.Infra.Tests.Metrics;

/// <summary>
/// A small run on a silo of this process and on the test endpoint, with the program's own meters behind OpenTelemetry's exporter for
/// Prometheus: what Prometheus would see.
/// </summary>
public sealed class MeteredRun : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-metered-");

    /// <summary>The exporter's answer.</summary>
    internal Exposition Seen { get; private set; } = new("");

    public async Task InitializeAsync()
    {
        var port = FreePort();
        using var meters = OpenTelemetryExport.Meters().AddPrometheusHttpListener(o => (o.Host, o.Port) = ("127.0.0.1", port)).Build();
        using var endpoint = Program.Start(
            "dotnet",
            [],
            Path.Combine(Program.Folder, "convosynth.dll"),
            "endpoint",
            "--address",
            "127.0.0.2",
            "--packs",
            RepositoryRoot.At("blueprints"),
            "--domain",
            "library",
            "--fail",
            "500=0.2"
        );
        try
        {
            var url = await endpoint.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the endpoint did not start");
            await Program.Run("generate", "--spec", Spec(url), "--packs", RepositoryRoot.At("blueprints"), "--out", At("run"));
        }
        finally
        {
            endpoint.Kill();
        }

        using var http = new HttpClient();
        Seen = new(await http.GetStringAsync($"http://127.0.0.1:{port}/metrics"));
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Spec(string url)
    {
        var path = At("spec.yaml");
        File.WriteAllText(
            path,
            $$"""
            domains: [library]
            count: 60
            seed: 1
            fault_rate: 0.5
            endpoints:
              - name: rehearsal
                provider: openai-compatible
                url: "{{url}}/v1"
                model: rehearsal
                rehearsal: true
                price: {input: 2, output: 8}
            roles: { human: rehearsal, agent: rehearsal }
            """
        );
        return path;
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
