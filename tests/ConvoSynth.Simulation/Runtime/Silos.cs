using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>The silos of a cluster, and the placement of new activations.</summary>
internal sealed class Silos : IDisposable
{
    private readonly ClusterRuntime _cluster;
    private readonly Action<IServiceCollection> _services;
    private readonly Silo[] _alive;
    private int _placed;

    public Silos(ClusterRuntime cluster, Action<IServiceCollection> services)
    {
        (_cluster, _services) = (cluster, services);
        _alive = [.. Enumerable.Range(0, cluster.Options.Silos).Select(number => new Silo(cluster, number, 1, services))];
    }

    public int Deaths { get; private set; }

    public Silo this[int number] => _alive[number];

    /// <summary>The silo of a new activation: its caller's if the class prefers that, otherwise any of them.</summary>
    public Silo For(GrainClass grainClass, Silo caller)
    {
        if (_alive.Length == 1)
            return _alive[0];
        if (grainClass.PrefersLocal)
            return caller;
        return _alive[_cluster.Options.Placement?.Invoke(_alive.Length) ?? _placed++ % _alive.Length];
    }

    /// <summary>
    /// Kills a silo and puts a new one in its place. The dead silo's services are not disposed: a dead process runs nothing.
    /// </summary>
    public void Replace(int number)
    {
        _alive[number].IsDead = true;
        _alive[number] = new Silo(_cluster, number, ++Deaths + 1, _services);
    }

    public void Dispose()
    {
        foreach (var silo in _alive)
            silo.Dispose();
    }
}
