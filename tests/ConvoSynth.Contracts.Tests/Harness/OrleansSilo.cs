using ConvoSynth.Contracts.Tests.Probes;
using ConvoSynth.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>An Orleans silo in the test's process, called through its own client, as the program calls its silo.</summary>
public sealed class OrleansSilo : IRuntimeUnderTest, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly InProcessTestCluster _cluster;

    public OrleansSilo()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.Services.AddGrainContracts();
                silo.Services.AddSingleton(Scripts);
                silo.Services.AddScoped<Scoped>();
                silo.Services.Configure<GrainCollectionOptions>(options =>
                {
                    options.CollectionQuantum = TimeSpan.FromMilliseconds(200);
                    options.ClassSpecificCollectionAge[typeof(FleetingProbe).FullName!] = TimeSpan.FromSeconds(1);
                });
            }
        );
        _cluster = builder.Build();
    }

    public IClusterClient Grains => _cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterClient>();

    public Scripts Scripts { get; } = new();

    public TimeProvider Time => TimeProvider.System;

    public Task Settle(Task task) => task.WaitAsync(Limit);

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();
}

/// <summary>All facts share one silo, since it takes over a second to start; each fact has its own grains.</summary>
[CollectionDefinition(nameof(OrleansSilo))]
public sealed class SharesASilo : ICollectionFixture<OrleansSilo>;
