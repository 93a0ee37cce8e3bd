using ConvoSynth.Review.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Review.Http;

/// <summary>The review app: one process, one run.</summary>
public sealed class ReviewServer : IAsyncDisposable
{
    // An edited dialogue of 1,000 turns with long observations stays below it.
    private const int MostBytes = 8 << 20;

    private readonly WebApplication _app;
    private readonly ReviewedRun _run;

    private ReviewServer(WebApplication app, ReviewedRun run) => (_app, _run) = (app, run);

    /// <summary>The address that a browser opens.</summary>
    public string Url => _app.Urls.First();

    /// <exception cref="ReviewException">The settings, the run or its decisions cannot be used, or the port is taken.</exception>
    /// <exception cref="Runs.RunException">There is no run.</exception>
    public static async Task<ReviewServer> Start(ReviewSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Problem() is { } problem)
            throw new ReviewException(problem);
        var run = new ReviewedRun(settings, time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(settings.Address, settings.Port);
            kestrel.Limits.MaxRequestBodySize = MostBytes;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(options => options.HeaderName = "X-CSRF");
        // A body that is no JSON is told by a sentence, as any other error is.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReviewJson.Default));
        var app = builder.Build();
        app.UseGuards(settings);
        app.UseExceptionHandler(handler => handler.Run(Sentence));
        var writes = new GuardedWrites(app.Services.GetRequiredService<IAntiforgery>());
        new PageRoutes(run, settings, writes).Map(app);
        new WriteRoutes(run, settings, writes).Map(app);
        new ToolRoutes(run, settings, writes).Map(app);
        new EventRoutes(run, app.Lifetime.ApplicationStopping).Map(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            run.Dispose();
            throw new ReviewException($"{settings.Address}:{settings.Port} cannot be listened on: {e.Message}; choose another --port");
        }

        return new(app, run);
    }

    /// <summary>Returns when the server has ended.</summary>
    public Task Wait(CancellationToken cancellationToken) => ((IHost)_app).WaitForShutdownAsync(cancellationToken);

    /// <summary>The overview of a run as one HTML file.</summary>
    public static async Task<string> Report(string path, bool checksShards, TimeProvider time)
    {
        using var run = new ReviewedRun(
            new()
            {
                Run = path,
                Reviewer = "report",
                ChecksShards = checksShards,
            },
            time
        );
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>
            {
                ["Run"] = run.Name,
                ["Style"] = System.Text.Encoding.UTF8.GetString(PageFiles.Style),
                ["Figures"] = OverviewFigures.Of(run.Counts),
            };
            var page = await renderer.RenderComponentAsync<ReportPage>(
                Microsoft.AspNetCore.Components.ParameterView.FromDictionary(parameters)
            );
            return page.ToHtmlString();
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _run.Dispose();
    }

    private static Task Sentence(HttpContext context)
    {
        var error = context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()?.Error;
        context.Response.StatusCode = error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(error?.Message ?? "the request failed");
    }
}
