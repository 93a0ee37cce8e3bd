using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ConvoSynth.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Tests;

/// <summary>A request as received over the wire.</summary>
public sealed record SeenRequest(string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public Json Json => Json.Parse(Body);
}

/// <summary>An HTTP server that records its requests and plays scripted answers in turn; the last answer repeats.</summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<HttpContext, Task>[] _answers;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private int _count;
    private int _listed;

    private ModelServer(WebApplication app, Func<HttpContext, Task>[] answers)
    {
        _app = app;
        _answers = answers;
    }

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    public string Url => _app.Urls.Single();

    /// <summary>
    /// The answer to <c>GET /models</c>. Such requests take none of the scripted answers and are not in <see cref="Seen"/>.
    /// </summary>
    public Func<HttpContext, Task> Lists { get; set; } = Fails(404);

    public int Listed => _listed;

    public static Task<ModelServer> Start(params Func<HttpContext, Task>[] answers) => Start(null, answers);

    public static async Task<ModelServer> Start(X509Certificate2? certificate, params Func<HttpContext, Task>[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k =>
            k.Listen(
                IPAddress.Loopback,
                0,
                l =>
                {
                    if (certificate is not null)
                        l.UseHttps(certificate);
                }
            )
        );
        var server = new ModelServer(builder.Build(), answers);
        server._app.Run(server.Answer);
        await server._app.StartAsync();
        return server;
    }

    public static Func<HttpContext, Task> Says(
        string body,
        int status = 200,
        string type = "application/json",
        params (string Name, string Value)[] headers
    ) =>
        context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            return context.Response.WriteAsync(body);
        };

    public static Func<HttpContext, Task> Fails(int status, string code = "", params (string Name, string Value)[] headers) =>
        Says(
            Json.Map(
                    (
                        "error",
                        Json.Map(
                            ("message", "do not repeat: sk-secret and the prompt"),
                            ("type", "some_error"),
                            ("code", code.Length == 0 ? null : code)
                        )
                    )
                )
                .ToString(),
            status,
            headers: headers
        );

    /// <summary>Sends half an answer and closes the connection.</summary>
    public static Task Cuts(HttpContext context) => CutAfter(context, "{\"choices\":[{\"mess");

    public static Func<HttpContext, Task> Chat(string content) => Says(Replies.Chat(content));

    /// <summary>A self-signed certificate; <paramref name="from"/> and <paramref name="to"/> are its validity in days from now.</summary>
    public static X509Certificate2 Certificate(int from, int to)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var made = request.CreateSelfSigned(now.AddDays(from), now.AddDays(to));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task CutAfter(HttpContext context, string start)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync(start);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private async Task Answer(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            Interlocked.Increment(ref _listed);
            await Lists(context);
            return;
        }

        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        _seen.Enqueue(
            new(
                context.Request.Path.Value!,
                context.Request.QueryString.Value!,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body
            )
        );
        var at = Math.Min(Interlocked.Increment(ref _count), _answers.Length) - 1;
        await _answers[at](context);
    }
}
