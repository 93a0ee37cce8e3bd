using System.Net;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Mcp;
using ConvoSynth.Serve.NemoGym;
using ConvoSynth.Serve.OpenEnv;
using ConvoSynth.Serve.Ors;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Serve.Http;

/// <summary>An environment for reinforcement learning behind one port, in the protocols of several trainers.</summary>
public sealed class EnvironmentServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServedEnvironment _environment;
    private readonly SessionTable _sessions;
    private readonly OrsSessions _ors;

    private EnvironmentServer(WebApplication app, ServedEnvironment environment, SessionTable sessions, OrsSessions ors) =>
        (_app, _environment, _sessions, _ors) = (app, environment, sessions, ors);

    /// <summary>The address that clients open.</summary>
    public string Url => _app.Urls.First();

    /// <summary>How many tasks the server has.</summary>
    public int Tasks => _environment.Tasks.All.Count;

    /// <summary>How many sessions are open.</summary>
    public int Sessions => _sessions.Count;

    /// <exception cref="ServeException">The settings do not go together, there is no task, or the port is taken.</exception>
    /// <exception cref="Runs.RunException">There is no such run or pack.</exception>
    public static async Task<EnvironmentServer> Start(ServeSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Problem() is { } problem)
            throw new ServeException(problem);
        return await Start(
            await ServedEnvironment.Load(settings.Environment, settings.Reward, time, cancellationToken),
            settings,
            time,
            cancellationToken
        );
    }

    /// <summary>Serves an environment that is loaded; it belongs to the server from here on.</summary>
    internal static async Task<EnvironmentServer> Start(
        ServedEnvironment environment,
        ServeSettings settings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (ReservedNames.Problem(environment.Tasks, settings.Protocols) is { } reserved)
        {
            environment.Dispose();
            throw new ServeException(reserved);
        }

        var sessions = new SessionTable(environment, settings.MaxSessions, settings.Idle, time);
        var ors = new OrsSessions(environment, sessions, time);
        var app = Build(settings);
        Map(app, settings, environment, (sessions, ors), time);
        var server = new EnvironmentServer(app, environment, sessions, ors);
        try
        {
            await app.StartAsync(cancellationToken);
            return server;
        }
        catch (IOException e)
        {
            await server.DisposeAsync();
            throw new ServeException($"{settings.Address}:{settings.Port} cannot be listened on: {e.Message}; choose another --port");
        }
    }

    /// <summary>Returns when the server has ended.</summary>
    public Task Wait(CancellationToken cancellationToken) => ((IHost)_app).WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Sessions first: their clients' requests end with them, and the host waits for requests.
        _sessions.Dispose();
        _ors.Dispose();
        await _app.DisposeAsync();
        _environment.Dispose();
    }

    private static WebApplication Build(ServeSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(settings.Address, settings.Port);
            kestrel.Limits.MaxRequestBodySize = SocketChannel.MaxBytes;
            kestrel.AddServerHeader = false;
        });
        return builder.Build();
    }

    private static void Map(
        WebApplication app,
        ServeSettings settings,
        ServedEnvironment environment,
        (SessionTable Table, OrsSessions Ors) sessions,
        TimeProvider time
    )
    {
        app.Use(ErrorAnswers.Answer);
        if (settings.Token is { Length: > 0 } token)
            app.Use(Requiring(new(token)));
        // On loopback, a foreign page could point a name of its own at this machine and read the answers.
        else if (IPAddress.IsLoopback(settings.Address))
            app.Use(OnlyLoopbackNames);
        app.UseWebSockets();
        app.MapGet("/health", context => HttpJson.Write(context, WriteHealth));
        var (openEnv, nemoGym) = (new OpenEnvRoutes(environment, sessions.Table, time), new NemoGymRoutes(environment, sessions.Table));
        var (isOpenEnv, isNemoGym) = (
            settings.Protocols.HasFlag(ServedProtocols.OpenEnv),
            settings.Protocols.HasFlag(ServedProtocols.NemoGym)
        );
        if (isOpenEnv)
            openEnv.Map(app);
        if (isOpenEnv || isNemoGym)
        {
            new McpRoutes(environment, sessions.Table).Map(app);
            var shared = new SharedSteps(isOpenEnv ? openEnv : null, isNemoGym ? new(nemoGym) : null);
            app.MapPost("/reset", shared.Reset);
            app.MapPost("/step", shared.Step);
        }

        if (settings.Protocols.HasFlag(ServedProtocols.Ors))
        {
            new OrsRoutes(environment).Map(app);
            sessions.Ors.Map(app);
        }

        if (isNemoGym)
            nemoGym.Map(app);
    }

    // OpenEnv's clients read the word; ORS's only the code.
    private static void WriteHealth(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "healthy"u8);
        json.WriteEndObject();
    }

    private static Func<HttpContext, RequestDelegate, Task> Requiring(AccessToken token) =>
        (context, next) =>
        {
            if (context.Request.Path == "/health" || token.IsIn(context.Request.Headers))
                return next(context);
            context.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"convosynth\"";
            throw new StatusException(
                StatusCodes.Status401Unauthorized,
                "the server wants its token, as Authorization: Bearer TOKEN, as the password of the address, or as X-API-Key"
            );
        };

    private static Task OnlyLoopbackNames(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        if (host is "localhost" or "[::1]" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
            return next(context);
        throw new StatusException(StatusCodes.Status421MisdirectedRequest, $"the server answers on this machine only, not as {host}");
    }
}
