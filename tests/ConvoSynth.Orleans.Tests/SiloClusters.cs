using ConvoSynth.Grains;
using ConvoSynth.Synthesis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace ConvoSynth.Orleans.Tests;

/// <summary>The same campaigns on Orleans' own silos: calls between silos are serialized, and the shards are those of a plain loop.</summary>
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

    private static async Task<InProcessTestCluster> Deploy(RetailRun run, short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IRunFolders>(run).AddSingleton<IRunSetups>(run).AddSingleton(TimeProvider.System).AddGrainContracts();
        });
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
            var status = await campaign.Status();
            if (status.Finished) return status;
            if (!status.Begun) await campaign.Start(RetailRun.Spec, new(16));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
