using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ConvoSynth.Cli.Tests;

/// <summary>A whole run on a server with Anthropic's Messages, over HTTP.</summary>
public sealed class AnthropicRunTests : IDisposable
{
    private const string Said = "whispered words";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_asks_journals_counts_and_measures_and_is_played_again_without_a_call()
    {
        using var listener = Listening();
        var (asked, telemetry) = (new ConcurrentQueue<JsonElement>(), new ConcurrentQueue<byte[]>());
        var serving = Serve(listener, asked, telemetry);
        var address = listener.Prefixes.Single().TrimEnd('/');
        var spec = _folder.At("spec.yaml");
        await File.WriteAllTextAsync(
            spec,
            $$"""
            domains: [library]
            count: 2
            endpoints:
              - {name: claude, provider: anthropic, model: claude-test, url: "{{address}}",
                 price: {input: 1, cached_input: 0.1, cache_write: 2, output: 5} }
            roles: {human: claude, agent: claude}
            """
        );
        Dictionary<string, string> environment = new()
        {
            ["ANTHROPIC_API_KEY"] = "sk-test",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };

        var ran = await Convosynth.RunIn(environment, "generate", "--spec", spec, "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("2 planned").And.Contain("cache writes").And.Contain("standard");
        var kept = JsonDocument
            .Parse(await File.ReadAllTextAsync(Path.Combine(_folder.At("run"), "run.json")))
            .RootElement.GetProperty("endpoints")[0];
        kept.GetProperty("protocol").GetString().Should().Be("messages", "what the spec left out is written down");
        kept.GetProperty("key_variable").GetString().Should().Be("ANTHROPIC_API_KEY");
        var ledger = (await File.ReadAllLinesAsync(Path.Combine(_folder.At("run"), "ledger.jsonl")))
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToArray();
        ledger
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(l =>
                l.GetProperty("service_tier").GetString() == "standard"
                && l.GetProperty("usage").GetProperty("cache_write_tokens").GetInt64() > 0
            );
        var told = Encoding.UTF8.GetString([.. telemetry.SelectMany(t => t)]);
        told.Should()
            .Contain("gen_ai.client.operation.duration")
            .And.Contain("gen_ai.client.token.usage")
            .And.Contain("anthropic")
            .And.Contain("claude-test")
            .And.Contain("http.client.request.duration")
            .And.Contain("dotnet.gc.collections")
            .And.NotContain(Said)
            .And.NotContain("sk-test");

        var calls = asked.Count;
        var replayed = await Convosynth.Run("replay-run", _folder.At("run"));
        replayed.ExitCode.Should().Be(0, replayed.Output + replayed.Errors);
        asked.Count.Should().Be(calls);
        listener.Stop();
        await serving;
    }

    private static HttpListener Listening()
    {
        for (var port = 41_418; ; port++)
        {
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (port < 41_500)
            {
                listener.Close();
            }
        }
    }

    private static async Task Serve(HttpListener listener, ConcurrentQueue<JsonElement> asked, ConcurrentQueue<byte[]> telemetry)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                if (context.Request.Url!.AbsolutePath == "/v1/messages")
                {
                    var request = JsonDocument.Parse(body.ToArray()).RootElement;
                    asked.Enqueue(request);
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Answer(request)));
                }
                else
                {
                    telemetry.Enqueue(body.ToArray());
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException && !listener.IsListening)
        {
            return;
        }
    }

    // The probe gets its tool call and its word; dialogues end after few messages.
    private static string Answer(JsonElement request)
    {
        var text = request.GetRawText();
        var calls = text.Contains("look_up_word", StringComparison.Ordinal) && !text.Contains("tool_result", StringComparison.Ordinal);
        var ends = request.GetProperty("messages").GetArrayLength() > 2;
        var block = calls
            ? """{"type":"tool_use","id":"toolu_1","name":"look_up_word","input":{"number":7}}"""
            : JsonSerializer.Serialize(new { type = "text", text = ends ? "###STOP###" : Said });
        return $$"""
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-test-1","content":[
            {"type":"thinking","thinking":"","signature":"c2ln"},{{block}}],
            "stop_reason":"{{(
                calls ? "tool_use" : "end_turn"
            )}}",
            "usage":{"input_tokens":10,"cache_creation_input_tokens":5,"cache_read_input_tokens":0,"output_tokens":3,
            "service_tier":"standard"} }
            """;
    }
}
