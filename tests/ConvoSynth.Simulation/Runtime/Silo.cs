using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>One host of activations, with its own services.</summary>
internal sealed class Silo : IDisposable
{
    private readonly ServiceProvider _services;

    public Silo(ClusterRuntime cluster, int number, int generation, Action<IServiceCollection> services)
    {
        Number = number;
        Address = SiloAddress.New(IPAddress.Loopback, 11111 + number, generation);
        var collection = new ServiceCollection();
        collection.AddSingleton(cluster.Options.Time).AddSingleton<IGrainRuntime>(new SiloRuntime(cluster, this));
        collection.AddSingleton<IGrainFactory>(cluster.Client).AddSingleton(cluster.Client);
        services(collection);
        _services = collection.BuildServiceProvider();
    }

    public int Number { get; }

    public SiloAddress Address { get; }

    public IServiceProvider Services => _services;

    public bool IsDead { get; set; }

    /// <summary>
    /// Whether the directory knows of the death: from then on calls to its activations go elsewhere instead of being lost.
    /// </summary>
    public bool DeathIsKnown { get; set; }

    public void Dispose() => _services.Dispose();
}
