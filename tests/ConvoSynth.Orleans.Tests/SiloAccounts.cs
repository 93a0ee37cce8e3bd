using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Endpoints;
using ConvoSynth.Models;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using ConvoSynth.Rehearsal.FakeOpenAI;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ConvoSynth.Orleans.Tests;

/// <summary>Two silos send to the test endpoint, over HTTP, on one account.</summary>
public sealed class SiloAccounts : IDisposable
{
    private const int InFlight = 4;
    private const int PerMinute = 600;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _limit = new(Limit, TimeProvider.System);

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Two_silos_keep_the_quota_of_one_account()
    {
        // Four at once could send forty a second, and ten may be sent.
        var stats = await SentByTwo(latency: 0.1, each: 60);

        stats["most_in_flight"].Number.Should().BeLessThanOrEqualTo(InFlight);
        stats["rate_limited"].Number.Should().Be(0, "the server holds the same quota, and half a second of it");
    }

    [Fact]
    public async Task Two_silos_keep_the_requests_in_flight_of_one_account()
    {
        // Four at once send fewer than seven a second, and ten may be sent.
        var stats = await SentByTwo(latency: 0.6, each: 40);

        stats["most_in_flight"].Number.Should().Be(InFlight, "both silos send as much as they may");
        stats["rate_limited"].Number.Should().Be(0);
    }

    [Fact]
    public async Task The_limits_hold_while_the_silo_of_the_account_dies()
    {
        await using var server = await Serve(latency: 0.1);
        await using var cluster = await Deploy(silos: 3);
        Sender[] senders = [.. cluster.Silos.Select(s => new Sender(s.SiloAddress, Models(server, s), _limit.Token))];
        var sending = senders.Select(s => s.Send(60)).ToArray();
        while (Json.Parse(server.Stats)["answers"].Number < 20)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _limit.Token);

        // A successor of the account's grain waits for the leases that it has granted.
        var home = await cluster
            .Client.GetGrain<IManagementGrain>(0)
            .GetActivationAddress(cluster.Client.GetGrain<IEndpointGrain>(Spec(server).AccountKey()));
        var dead = Array.FindIndex(senders, s => s.Silo.Equals(home));
        await cluster.KillSiloAsync(cluster.GetSiloForAddress(home!)!);
        senders[dead].Dispose();

        for (var i = 0; i < senders.Length; i++)
        {
            if (i != dead)
                (await sending[i]).Should().Be(60);
        }

        await FluentActions.Awaiting(() => sending[dead]).Should().ThrowAsync<OperationCanceledException>();
        foreach (var sender in senders.Where((_, i) => i != dead))
            sender.Dispose();
        var stats = Json.Parse(server.Stats);
        stats["most_in_flight"].Number.Should().BeLessThanOrEqualTo(InFlight);
        stats["rate_limited"].Number.Should().Be(0);
    }

    private async Task<Json> SentByTwo(double latency, int each)
    {
        await using var server = await Serve(latency);
        await using var cluster = await Deploy(silos: 2);
        using var one = new Sender(cluster.Silos[0].SiloAddress, Models(server, cluster.Silos[0]), _limit.Token);
        using var other = new Sender(cluster.Silos[1].SiloAddress, Models(server, cluster.Silos[1]), _limit.Token);
        (await Task.WhenAll(one.Send(each), other.Send(each))).Should().OnlyContain(a => a == each);
        return Json.Parse(server.Stats);
    }

    private static async Task<InProcessTestCluster> Deploy(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.AddGrains().Services.AddSingleton(TimeProvider.System);
                silo.Services.Configure<ClusterMembershipOptions>(o =>
                    (o.ProbeTimeout, o.NumMissedProbesLimit) = (TimeSpan.FromSeconds(1), 2)
                );
            }
        );
        builder.ConfigureClient(client => client.Services.AddGrainContracts());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private async Task<EndpointServer> Serve(double latency)
    {
        var options = new ConvoSynth.Rehearsal.FakeOpenAI.EndpointOptions
        {
            Latency = latency,
            RequestsPerMinute = PerMinute,
            QuotaCapacity = 0.6,
        };
        return await EndpointServer.Start(
            options,
            (_, _) => throw new InvalidOperationException("no script is asked for"),
            [],
            TimeProvider.System,
            _limit.Token
        );
    }

    private static EndpointSpec Spec(EndpointServer server) =>
        new()
        {
            Name = "fake",
            Provider = EndpointProvider.OpenAICompatible,
            Model = "m",
            Url = $"{server.Url}v1",
            RequestsPerMinute = PerMinute,
            InFlight = InFlight,
        };

    private static EndpointModels Models(EndpointServer server, InProcessSiloHandle silo)
    {
        var leases = new ClusterAccounts(TimeProvider.System, LeaseTimes.Cluster, silo.SiloAddress.ToString());
        leases.Attach(silo.ServiceProvider.GetRequiredService<IGrainFactory>());
        return new(
            new()
            {
                RunId = "run",
                Domains = ["retail"],
                Count = 1,
                Seed = 1,
                Model = "endpoints",
                Endpoints = [Spec(server)],
                Roles = new() { Human = "fake", Agent = "fake" },
            },
            new() { Time = TimeProvider.System, Leases = leases }
        );
    }

    /// <summary>What runs in one silo's process, and dies with it.</summary>
    private sealed class Sender(SiloAddress silo, EndpointModels models, CancellationToken limit) : IDisposable
    {
        private readonly CancellationTokenSource _death = CancellationTokenSource.CreateLinkedTokenSource(limit);

        public SiloAddress Silo => silo;

        public async Task<int> Send(int count)
        {
            var endpoint = models.Endpoint("fake");
            var body = Encoding.UTF8.GetBytes("""{"model":"m","messages":[{"role":"user","content":"hello"}]}""");
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, count)
                    .Select(i => endpoint.Send(new(new(new("run", i, 0), "agent", 0), body, 10, 10), _death.Token).AsTask())
            );
            return answers.Length;
        }

        public void Dispose()
        {
            _death.Cancel();
            _death.Dispose();
            models.Dispose();
        }
    }
}
