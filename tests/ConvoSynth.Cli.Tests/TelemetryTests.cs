using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace ConvoSynth.Cli.Tests;

/// <summary>A run's telemetry at a collector.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_collector_gets_metrics_and_a_span_a_dialogue_and_no_word_of_what_was_said()
    {
        var (listener, address) = Listening();
        using var _ = listener;
        var bodies = new ConcurrentDictionary<string, List<byte>>(StringComparer.Ordinal);
        var serving = Serve(listener, bodies);

        var ran = await Convosynth.RunIn(
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
            "generate",
            "--domain",
            "library",
            "--count",
            "20",
            "--out",
            _folder.At("run")
        );

        ran.ExitCode.Should().Be(0, ran.Errors);
        listener.Stop();
        await serving;
        var metrics = Encoding.UTF8.GetString(bodies["/v1/metrics"].ToArray());
        metrics
            .Should()
            .Contain("convosynth.dialogues")
            .And.Contain("accepted")
            .And.Contain("library")
            .And.Contain("convosynth.dialogue.duration");
        var traces = Encoding.UTF8.GetString(bodies["/v1/traces"].ToArray());
        (traces.Split("convosynth.index").Length - 1).Should().Be(20);
        traces.Should().NotContain("Could you", "no word of a dialogue leaves by telemetry").And.NotContain("card number");
    }

    private static (HttpListener Listener, string Address) Listening()
    {
        for (var port = 41_318; ; port++)
        {
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, $"http://127.0.0.1:{port}");
            }
            catch (HttpListenerException) when (port < 41_400)
            {
                listener.Close();
            }
        }
    }

    private static async Task Serve(HttpListener listener, ConcurrentDictionary<string, List<byte>> bodies)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                bodies.GetOrAdd(context.Request.Url!.AbsolutePath, _ => []).AddRange(body.ToArray());
                context.Response.StatusCode = 200;
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException && !listener.IsListening)
        {
            return;
        }
    }
}
