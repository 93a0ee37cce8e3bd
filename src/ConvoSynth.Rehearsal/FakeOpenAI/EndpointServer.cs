using System.Net;
using ConvoSynth.Rehearsal.FakeOpenAI.Batches;
using ConvoSynth.Rehearsal.FakeOpenAI.Http;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ConvoSynth.Rehearsal.FakeOpenAI;

/// <summary>
/// Serves the rehearsal model in OpenAI's wire format, on the loopback address by default. It is no language model: it plays scripts, for
/// tests of load and failure and for demonstrations. It reads no configuration except its options, and logs only to the file that they
/// name.
/// </summary>
public sealed class EndpointServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    // A file of requests may have 200 MB at providers.
    private const long LargestBody = 256 << 20;

    private readonly WebApplication _app;
    private readonly ServerParts _parts;
    private readonly BatchDesk _batches;
    private readonly CancellationTokenSource _stopping;

    private EndpointServer(WebApplication app, ServerParts parts, BatchDesk batches, CancellationTokenSource stopping)
    {
        _app = app;
        _parts = parts;
        _batches = batches;
        _stopping = stopping;
        Url = new(app.Urls.Single());
    }

    /// <summary>The listening address, such as <c>http://127.0.0.1:5000</c>.</summary>
    public Uri Url { get; }

    /// <summary>The counters as JSON.</summary>
    public string Stats => StatsBody.Of(_parts, _batches).ToString();

    /// <param name="load">Loads a pack by its domain's name, with its own data or with that of a folder.</param>
    /// <param name="domains">Packs to load before listening; others load on their first request.</param>
    /// <param name="time">The clock of latencies, quota and log.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    /// <exception cref="IOException">The port is taken, or the log cannot be written.</exception>
    public static async Task<EndpointServer> Start(
        EndpointOptions options,
        Func<string, string?, LoadedPack> load,
        IEnumerable<string> domains,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        var scripts = new ScriptBook(load, options.ScriptsKept, options.FailSlices);
        foreach (var domain in domains)
            await scripts.Prepare(domain);
        var stopping = new CancellationTokenSource();
        var parts = new ServerParts(
            options,
            scripts,
            new(options, time),
            new(options.Failures, options.Latency, options.LatencySigma),
            new(options.CallsKept),
            new(),
            new(time),
            options.LogFile is { } file ? new(file, time) : null,
            time,
            time.GetTimestamp(),
            stopping.Token
        );
        var batches = new BatchDesk(parts);
        var app = Build(options, new RequestHandling(parts, batches));
        await app.StartAsync(cancellationToken);
        return new(app, parts, batches, stopping);
    }

    /// <summary>Stops listening, aborts all pending requests, and closes the log.</summary>
    /// <exception cref="IOException">The log is incomplete.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _parts.Pauses.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        _batches.Dispose();
        _parts.Log?.Dispose();
        if (_parts.Log?.Failed is { } failed)
            throw new IOException($"the log {_parts.Options.LogFile} is incomplete: {failed.Message}", failed);
    }

    private static WebApplication Build(EndpointOptions options, RequestHandling handling)
    {
        // Reads neither the working folder nor the environment.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);
        builder
            .WebHost.UseKestrelCore()
            .UseSockets(sockets => sockets.Backlog = 4096)
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                // A client under load may be slow: that is part of the measurement, so Kestrel must not drop it.
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Limits.MaxRequestBodySize = LargestBody;
                kestrel.Listen(IPAddress.Parse(options.Address), options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            });
        var app = builder.Build();
        app.Run(handling.Handle);
        return app;
    }
}
