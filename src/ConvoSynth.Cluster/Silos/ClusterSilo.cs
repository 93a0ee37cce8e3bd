using System.Net;
using ConvoSynth.Cluster.Http;
using ConvoSynth.Cluster.Redis;
using ConvoSynth.Cluster.Security;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Endpoints;
using ConvoSynth.Grains.Hosting;
using ConvoSynth.Models.Quota;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using StackExchange.Redis;

namespace ConvoSynth.Cluster.Silos;

/// <summary>One silo of a cluster, from its checks before the join to its end.</summary>
/// <param name="packs">The packs that it may run.</param>
public sealed class ClusterSilo(ClusterSettings settings, RunsRoot root, PackFolders packs, TimeProvider time)
{
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(3);
    private const int MissedAliveLimit = 5;

    /// <summary>Configures the silo's log.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };

    /// <summary>Runs the silo until it is stopped or must leave.</summary>
    /// <param name="ready">Is told when the silo has joined, with its name.</param>
    /// <exception cref="ClusterException">It cannot join or may not stay; the message says why.</exception>
    public async Task Run(Action<string> ready, CancellationToken cancellationToken)
    {
        if (!root.Exists)
            throw new ClusterException($"there is no folder {root.Path} for the runs; make it, or mount it, and name it with --runs");
        root.RequireWritable();
        await using var redis = await RedisConnection.Open(settings);
        var claim = new ClusterClaim(redis, settings, time);
        await claim.RequireClock();
        await claim.RequireRoot(root, claims: true);
        await claim.RequireVersion();
        using var silo = settings.Port == 0 ? SiloPort.Take() : null;
        using var gateway = settings.GatewayPort == 0 ? SiloPort.Take() : null;
        var (port, gatewayPort) = (silo?.Number ?? settings.Port, gateway?.Number ?? settings.GatewayPort);
        using var host = Build(claim, $"{settings.Address}:{port}", port, gatewayPort);
        var table = host.Services.GetRequiredService<IMembershipTable>();
        // A run that no silo can play must not keep the whole cluster from starting: the first silo leaves it waiting.
        if (await new DeadSilos(table, time, AliveEvery, AliveEvery * MissedAliveLimit).Clear(cancellationToken))
            await RequireAcceptance(host.Services);
        await Join(host, cancellationToken);
        ready($"{settings.Address}:{port}");
        var leaving = await Ending(host.Services.GetRequiredService<SiloExit>(), cancellationToken);
        using var limit = new CancellationTokenSource(leaving is { HasPlace: false } ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, time);
        await host.StopAsync(limit.Token);
        if (leaving is { IsError: true } error)
            throw new ClusterException($"this silo left the cluster: it {error.Reason}");
        if (leaving is { } asked)
            await Console.Error.WriteLineAsync($"this silo left the cluster: {asked.Reason}");
    }

    private async Task Join(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new ClusterException(
                $"the port {settings.HttpPort} of {settings.HttpAddress} is taken; name another in ConvoSynth:Cluster:HttpPort"
            );
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or RedisException)
        {
            throw new ClusterException(
                $"this silo could not join the cluster {settings.ClusterId}: {e.Message}; other silos must be reachable at the "
                    + "addresses that they name, and Redis must answer"
            );
        }
    }

    private static async Task<Leaving?> Ending(SiloExit exit, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopped.SetResult);
        return await Task.WhenAny(exit.Wanted, stopped.Task) == exit.Wanted ? await exit.Wanted : null;
    }

    // A silo that joins gets dialogues of all runs at once.
    private async Task RequireAcceptance(IServiceProvider services)
    {
        var acceptance = services.GetRequiredService<RunAcceptance>();
        foreach (var runId in root.Runs())
        {
            if (
                root.Campaigns(runId).Latest() is { End: null } state
                && await acceptance.Problem(state.Order.Spec, state.Order.Probes) is { } problem
            )
                throw new ClusterException($"this silo cannot play the run {runId}, which is under way: {problem}");
        }
    }

    private IHost Build(ClusterClaim claim, string name, int port, int gatewayPort)
    {
        if (SiloHttp.Of(settings) is { } http)
            return http.Build(host =>
            {
                Add(host);
                host.Services.AddHealthChecks().AddCheck<Readiness>("silo");
            });
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        Add(builder);
        return builder.Build();

        void Add(IHostApplicationBuilder host)
        {
            Logging(host.Logging);
            // The command handles signals: the host's default lifetime would intercept them.
            host.Services.AddSingleton<IHostLifetime, DeafLifetime>();
            AddWork(host.Services, claim);
            AddSilo(host, name, port, gatewayPort);
            // After Orleans, so that they start when the silo has joined and end before it leaves.
            host.Services.AddHostedService(s => s.GetRequiredService<RunKeeper>());
            host.Services.AddHostedService<ClaimKeeper>();
        }
    }

    private void AddSilo(IHostApplicationBuilder host, string name, int port, int gatewayPort)
    {
        var tls = SiloTls.Of(settings);
        host.UseOrleans(silo =>
        {
            silo.UseRedisClustering(o => o.ConfigurationOptions = RedisConnection.Options(settings));
            silo.ConfigureEndpoints(
                settings.AddressOf(),
                port,
                gatewayPort,
                listenOnAnyHostAddress: !IPAddress.IsLoopback(settings.AddressOf())
            );
            silo.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (settings.ServiceId, settings.VersionedClusterId));
            silo.Configure<SiloOptions>(o => o.SiloName = name);
            silo.Configure<ClusterMembershipOptions>(Tune);
            tls?.Secure(silo);
            silo.AddGrains();
            silo.Services.AddSingleton<IFatalErrorHandler, LostPlace>();
            silo.Services.AddPlacementDirector<OnNamedSilo, OnNamedSiloDirector>();
        });
    }

    private void AddWork(IServiceCollection services, ClusterClaim claim)
    {
        services.AddSingleton(time).AddSingleton(root).AddSingleton(claim);
        services.AddSingleton<SiloExit>().AddSingleton<LostSilos>().AddSingleton<Neighbours>().AddSingleton<RunAcceptance>();
        services.AddSingleton<ILostSilos>(s => s.GetRequiredService<LostSilos>());
        services.AddSingleton(s => new RootRuns(root, packs, time) { Leases = () => LeasesOf(s) });
        services.AddSingleton<IRunCatalog>(s => s.GetRequiredService<RootRuns>());
        services.AddSingleton<IRunFolders>(new RootFolders(root, new ParquetShards(), new()));
        services.AddSingleton<RunCare>();
        services.AddSingleton<RunKeeper>();
    }

    private ClusterAccounts LeasesOf(IServiceProvider services)
    {
        var silo = services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        var leases = new ClusterAccounts(time, LeaseTimes.Cluster, silo);
        leases.Attach(services.GetRequiredService<IGrainFactory>());
        return leases;
    }

    // A killed silo is noticed in about 2 s, a hung one in about 10 s; rows of silos that died together hold up a join for 15 s.
    private static void Tune(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MinProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = AliveEvery;
        membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);
        membership.NumMissedTableIAmAliveLimit = MissedAliveLimit;
    }

    private sealed class DeafLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
