using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Orleans grains on one thread and in virtual time. The grain classes, proxies, codecs and copiers are the product's; the delivery of
/// calls to activations is the simulator's own. Only the test moves it forward: it executes turns and fires timers.
/// </summary>
internal sealed class SimulatedCluster : IDisposable
{
    private readonly ClusterRuntime _runtime;
    private readonly List<Activation> _forgotten = [];

    private SimulatedCluster(ClusterRuntime runtime) => _runtime = runtime;

    /// <summary>The client through which tests call grains.</summary>
    public IClusterClient Client => _runtime.Client;

    /// <summary>The current activations on living silos, in the order of their creation.</summary>
    public IReadOnlyList<GrainId> ActiveGrains() =>
        _runtime.Directory.Activations(a => !a.Silo.IsDead).ConvertAll(activation => activation.GrainId);

    /// <summary>Whether the caller runs on a turn of an activation of a living silo, which every change of storage requires.</summary>
    public static bool IsOnATurnOfALivingSilo => CurrentTurn.Activation is { Silo.IsDead: false };

    /// <param name="services">Registers the services of grains. Called once per silo: a singleton belongs to its silo.</param>
    public static SimulatedCluster Start(ClusterOptions options, Action<IServiceCollection>? services = null) =>
        new(new(options, services ?? (_ => { })));

    /// <summary>
    /// Ends activations as the death of their process would: their work stops where it awaits, they get no notice, and calls to them time
    /// out. The directory knows at once. Must be called between turns.
    /// </summary>
    /// <returns>Number of activations that were ended.</returns>
    public int Crash(Predicate<GrainId> which)
    {
        var crashing = _runtime.Directory.Activations(activation => !activation.Silo.IsDead && which(activation.GrainId));
        foreach (var activation in crashing)
            activation.Crash();
        return crashing.Count;
    }

    /// <summary>
    /// Lets the directory forget living activations, as when a silo is wrongly taken for dead. Their work continues, callers with a
    /// reference still reach them, and other callers get a second activation. Stateless workers are exempt.
    /// </summary>
    /// <returns>Number of activations that were forgotten.</returns>
    public int Forget(Predicate<GrainId> which)
    {
        var forgotten = _runtime.Directory.Activations(a => a is { Class.MaxWorkers: 0, Silo.IsDead: false } && which(a.GrainId));
        foreach (var activation in forgotten)
            _runtime.Directory.Remove(activation.GrainId, activation);
        _forgotten.AddRange(forgotten);
        return forgotten.Count;
    }

    /// <summary>Ends the forgotten activations as the death of their process would. Must be called between turns.</summary>
    public void CrashForgotten()
    {
        foreach (var activation in _forgotten)
            activation.Crash();
        _forgotten.Clear();
    }

    /// <summary>
    /// Kills a silo with all its activations; a new silo replaces it at once. Calls to the dead activations are lost until the directory
    /// forgets them. Must be called between turns.
    /// </summary>
    /// <param name="number">Number of the silo, from 0.</param>
    /// <param name="unnoticed">Time until the directory detects the death.</param>
    /// <returns>The activations that died, in the order of their creation.</returns>
    public IReadOnlyList<GrainId> KillSilo(int number, TimeSpan unnoticed)
    {
        var silo = _runtime.Silos[number];
        var dying = _runtime.Directory.Activations(activation => activation.Silo == silo);
        foreach (var activation in dying.Concat(_forgotten.Where(activation => activation.Silo == silo)))
            activation.Crash(leavesDirectory: false);
        _forgotten.RemoveAll(activation => activation.Silo == silo);
        _runtime.Silos.Replace(number);
        _runtime.After(
            unnoticed,
            () =>
            {
                silo.DeathIsKnown = true;
                foreach (var activation in dying)
                    activation.LeaveDirectory();
            }
        );
        return dying.ConvertAll(activation => activation.GrainId);
    }

    /// <summary>
    /// Ends all activations, within <see cref="ClusterOptions.StopTimeout"/>; callers that still wait then get an error.
    /// </summary>
    /// <returns>Number of activations that did not end in time.</returns>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => _runtime.StopAsync(cancellationToken);

    public void Dispose() => _runtime.Dispose();
}
