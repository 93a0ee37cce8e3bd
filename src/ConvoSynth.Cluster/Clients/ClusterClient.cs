using ConvoSynth.Cluster.Redis;
using ConvoSynth.Cluster.Security;
using ConvoSynth.Cluster.Silos;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Campaigns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Clients;

/// <summary>A silo, as the membership table has it.</summary>
public sealed record SiloLine(string Name, string Status, DateTimeOffset StartedAt);

/// <summary>
/// Asks the silos of a cluster. It keeps nothing: what a run needs is in its folder, so a campaign does not depend on its client. Calls
/// that a dying silo leaves without an answer are made again.
/// </summary>
public sealed class ClusterClient : IAsyncDisposable
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly IHost _host;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;

    private ClusterClient(IHost host, TimeProvider time) =>
        (_host, _grains, _time) = (host, host.Services.GetRequiredService<IGrainFactory>(), time);

    /// <exception cref="ClusterException">No silo of this version runs, or the cluster has another folder.</exception>
    public static async Task<ClusterClient> Connect(
        ClusterSettings settings,
        RunsRoot root,
        Action<ILoggingBuilder> logging,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await using (var redis = await RedisConnection.Open(settings))
        {
            var claim = new ClusterClaim(redis, settings, time);
            await claim.RequireSilos();
            await claim.RequireRoot(root, claims: false);
        }

        var tls = SiloTls.Of(settings);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        logging(builder.Logging);
        builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(o => o.ConfigurationOptions = RedisConnection.Options(settings));
            client.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (settings.ServiceId, settings.VersionedClusterId));
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = ResponseTimeout);
            tls?.Secure(client);
            client.Services.AddGrainContracts();
        });
        var host = builder.Build();
        // A silo that wants TLS leaves a client in clear without an answer, and Orleans waits for it without end.
        using var giveUp = new CancellationTokenSource(ConnectPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellationToken);
        try
        {
            await host.StartAsync(either.Token);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException || giveUp.IsCancellationRequested)
        {
            host.Dispose();
            throw new ClusterException(
                $"no silo of the cluster {settings.ClusterId} answers; if its silos have just died, start them again, and if they use TLS, "
                    + "name ConvoSynth:Cluster:SiloCertificate and SiloAuthority as theirs do"
            );
        }

        return new(host, time);
    }

    /// <summary>A campaign's progress. Begins nothing: a campaign that no silo has yet is not begun.</summary>
    public Task<CampaignStatus> Status(string runId, CancellationToken cancellationToken) =>
        Repeat(() => _grains.GetGrain<ICampaignGrain>(runId).Status(), cancellationToken);

    /// <summary>Asks the silos to look after the runs at once.</summary>
    public Task Keep(string runId, CancellationToken cancellationToken) =>
        Repeat(
            async () =>
            {
                foreach (var silo in await Members(onlyActive: true))
                    await Grain(silo.SiloAddress).Keep(runId);
                return true;
            },
            cancellationToken
        );

    /// <summary>Why silos cannot play a run, each sentence with the silo's name; empty if all can.</summary>
    /// <param name="probes">Whether each silo calls the endpoints with its own keys.</param>
    public Task<IReadOnlyList<string>> Problems(RunSpec spec, bool probes, CancellationToken cancellationToken) =>
        Repeat<IReadOnlyList<string>>(
            async () =>
            {
                var silos = await Members(onlyActive: true);
                var problems = await Task.WhenAll(
                    silos.Select(async s =>
                        await Grain(s.SiloAddress).Problem(spec, probes) is { } problem ? $"{s.SiloName}: {problem}" : null
                    )
                );
                return [.. problems.OfType<string>()];
            },
            cancellationToken
        );

    /// <summary>All silos that are not dead, ordered by name.</summary>
    public Task<IReadOnlyList<SiloLine>> Silos(CancellationToken cancellationToken) =>
        Repeat<IReadOnlyList<SiloLine>>(
            async () =>
                [
                    .. (await Members(onlyActive: false))
                        .Where(m => m.Status != SiloStatus.Dead)
                        .OrderBy(m => m.SiloName, StringComparer.Ordinal)
                        .Select(m => new SiloLine(m.SiloName, m.Status.ToString(), new(m.StartTime, TimeSpan.Zero))),
                ],
            cancellationToken
        );

    /// <summary>The silo on which a run's campaign is; null if it is on none.</summary>
    public Task<string?> SiloOf(string runId, CancellationToken cancellationToken) =>
        Repeat(
            async () =>
            {
                var campaign = _grains.GetGrain<ICampaignGrain>(runId);
                var silo = await _grains.GetGrain<IManagementGrain>(0).GetActivationAddress(campaign);
                return silo is null ? null : (await Members(onlyActive: true)).FirstOrDefault(m => m.SiloAddress.Equals(silo))?.SiloName;
            },
            cancellationToken
        );

    /// <summary>Asks a silo to leave; the others continue its work.</summary>
    /// <exception cref="ClusterException">The cluster has no such silo.</exception>
    public Task Drain(string name, CancellationToken cancellationToken) =>
        Repeat(
            async () =>
            {
                var silos = await Members(onlyActive: true);
                if (silos.FirstOrDefault(s => s.SiloName == name) is not { } silo)
                    throw new ClusterException(
                        $"there is no silo {name}; there are "
                            + $"{string.Join(", ", silos.Select(s => s.SiloName).Order(StringComparer.Ordinal))}"
                    );
                await Grain(silo.SiloAddress).Leave("it was drained", isError: false);
                return true;
            },
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private Task<MembershipEntry[]> Members(bool onlyActive) => _grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive);

    private ISiloGrain Grain(SiloAddress silo) => _grains.GetGrain<ISiloGrain>(silo.ToParsableString());

    private async Task<T> Repeat<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is TimeoutException or OrleansException && _time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, _time, cancellationToken);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                throw new ClusterException(
                    $"the cluster has not answered for {Patience.TotalSeconds:0} s ({e.Message}); what was committed is safe, and a run "
                        + "goes on when silos are back"
                );
            }
        }
    }
}
