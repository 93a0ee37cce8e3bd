using ConvoSynth.Grains;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace ConvoSynth.Orleans.Tests;

/// <summary>
/// The same campaigns on real Orleans silos: calls between silos are serialized, and the shards equal those of a plain loop.
/// </summary>
public sealed class SiloClusters
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Two_silos_write_the_shards_of_a_plain_loop()
    {
        using var plain = new RetailRun();
        await plain.WritePlainly();
        using var run = new RetailRun();
        await using var cluster = await Deploy(run, silos: 2);

        var status = await Carry(cluster);

        status.Error.Should().BeNull();
        status.Counts.Done.Should().Be(100);
        run.Shards().Should().Equal(plain.Shards());
    }

    [Fact]
    public async Task A_silo_that_dies_on_the_way_costs_no_row()
    {
        using var plain = new RetailRun();
        await plain.WritePlainly();
        var requests = 0;
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var run = new RetailRun(_ =>
        {
            if (Interlocked.Increment(ref requests) == 150)
                halfway.TrySetResult();
        });
        await using var cluster = await Deploy(run, silos: 3);
        var carrying = Carry(cluster);
        await halfway.Task;

        await cluster.KillSiloAsync(cluster.Silos[1]);

        var status = await carrying;
        status.Error.Should().BeNull();
        status.Open.Should().Be(0);
        run.Shards().Should().Equal(plain.Shards());
    }

    [Fact]
    public async Task Two_silos_with_journals_judges_and_shared_quota_buy_each_answer_once_and_play_the_run_again_from_them()
    {
        using var sellers = new Sellers();
        using var run = new RetailRun(change: sellers.In);
        await using (var cluster = await Deploy(run, silos: 2))
        {
            sellers.Leases.Attach(cluster.Client);

            var status = await Carry(cluster);

            status.Error.Should().BeNull();
            status.Counts.Done.Should().Be(100);
            status.Counts.Accepted.Should().BePositive();
            status.Counts.Failed.Should().Be(0);
        }

        sellers.Sold.Values.Should().OnlyContain(n => n == 1);
        sellers
            .Sold.Keys.Should()
            .Contain(k => k.Contains("/judge:one/", StringComparison.Ordinal))
            .And.Contain(k => k.Contains("/judge:two/", StringComparison.Ordinal));
        var shards = run.Shards();
        run.ForgetRows();
        sellers.IsClosed = true;
        await using var again = await Deploy(run, silos: 2);
        sellers.Leases.Attach(again.Client);

        (await Carry(again)).Counts.Failed.Should().Be(0);

        run.Shards().Should().Equal(shards);
    }

    [Fact]
    public async Task A_silo_that_dies_with_journals_judges_and_quota_on_it_costs_no_row_and_its_answers_stand()
    {
        using var sellers = new Sellers();
        var requests = 0;
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var run = new RetailRun(Count, sellers.In);
        await using (var cluster = await Deploy(run, silos: 3))
        {
            sellers.Leases.Attach(cluster.Client);
            var carrying = Carry(cluster);
            await halfway.Task;

            await cluster.KillSiloAsync(cluster.Silos[1]);

            (await carrying).Should().Match<CampaignStatus>(s => s.Error == null && s.Open == 0);
        }

        var shards = run.Shards();
        run.ForgetRows();
        sellers.IsClosed = true;
        await using var again = await Deploy(run, silos: 2);
        sellers.Leases.Attach(again.Client);

        (await Carry(again)).Counts.Failed.Should().Be(0);

        run.Shards().Should().Equal(shards);

        void Count(ModelRequest request)
        {
            if (Interlocked.Increment(ref requests) == 150)
                halfway.TrySetResult();
        }
    }

    private static async Task<InProcessTestCluster> Deploy(RetailRun run, short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.AddGrains().Services.AddSingleton<IRunFolders>(run).AddSingleton<IRunCatalog>(run).AddSingleton(TimeProvider.System);
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

    private static async Task<CampaignStatus> Carry(InProcessTestCluster cluster)
    {
        var campaign = cluster.Client.GetGrain<ICampaignGrain>(RetailRun.Spec.RunId);
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                var status = await campaign.Status();
                if (status.Finished)
                    return status;
                if (!status.Begun)
                    await campaign.Start(new(16));
            }
            catch (Exception e) when (e is TimeoutException or global::Orleans.Runtime.OrleansException && !limit.IsCancellationRequested)
            {
                // The silo that hosted the campaign is gone, and the others have not detected it yet.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
