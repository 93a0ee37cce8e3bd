using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace ConvoSynth.Cluster.Http;

/// <summary>What a silo answers over HTTP: whether it lives, whether it takes work, and, if wanted, Orleans' dashboard.</summary>
internal sealed class SiloHttp
{
    private const string Dashboard = "/dashboard";

    private readonly ClusterSettings _settings;
    private readonly string? _token;

    private SiloHttp(ClusterSettings settings, string? token) => (_settings, _token) = (settings, token);

    /// <returns>Null if the settings name no port: then the silo answers nothing over HTTP.</returns>
    /// <exception cref="ClusterException">Everyone could see the dashboard, or its token is missing.</exception>
    public static SiloHttp? Of(ClusterSettings settings)
    {
        if (settings.HttpPort == 0)
            return settings.Dashboard
                ? throw new ClusterException("ConvoSynth:Cluster:Dashboard needs ConvoSynth:Cluster:HttpPort, the port that it is shown on")
                : null;
        var token = settings.DashboardTokenVariable is { } variable ? Environment.GetEnvironmentVariable(variable) : null;
        if (settings.Dashboard && string.IsNullOrEmpty(token) && settings.DashboardTokenVariable is { } unset)
            throw new ClusterException($"the token of the dashboard comes from the environment variable {unset}, which is not set");
        if (settings.Dashboard && token is null && !IPAddress.IsLoopback(settings.HttpAddressOf()))
            throw new ClusterException(
                $"the dashboard would be open to everyone who reaches {settings.HttpAddress}:{settings.HttpPort}; name the environment "
                    + "variable that holds its password in ConvoSynth:Cluster:DashboardTokenVariable, or leave HttpAddress at 127.0.0.1"
            );
        return new(settings, token);
    }

    /// <param name="configure">Adds the silo itself and its health checks; the web server begins after it, and ends before it.</param>
    public IHost Build(Action<IHostApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        configure(builder);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(_settings.HttpAddressOf(), _settings.HttpPort));
        builder.Services.AddRoutingCore();
        if (_settings.Dashboard)
            builder.UseOrleans(silo => silo.AddDashboard());
        var app = builder.Build();
        if (_token is not null)
            app.UseWhen(
                c => c.Request.Path.StartsWithSegments(Dashboard, StringComparison.OrdinalIgnoreCase),
                a => a.UseMiddleware<PasswordGate>(_token)
            );
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        if (_settings.Dashboard)
            app.MapOrleansDashboard(Dashboard);
        return app;
    }
}
