using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Orleans grains on one thread and in virtual time: the grain classes, proxies, codecs and copiers are those of the product, what brings
/// a call to an activation is the simulator's own. Nothing moves by itself: the test executes turns and fires timers.
/// </summary>
internal sealed class SimulatedCluster : IDisposable
{
    private readonly ClusterRuntime _runtime;
    private readonly List<Activation> _forgotten = [];

    private SimulatedCluster(ClusterRuntime runtime) => _runtime = runtime;

    /// <summary>What a client of the cluster calls grains through.</summary>
    public IClusterClient Client => _runtime.Client;

    /// <summary>The activations there are now on living silos, in the order of their creation.</summary>
    public IReadOnlyList<GrainId> ActiveGrains() =>
        _runtime.Directory.Activations(a => !a.Silo.IsDead).ConvertAll(activation => activation.GrainId);

    /// <summary>Whether the code that asks runs on a turn of an activation whose silo lives, as all must that changes storage.</summary>
    public static bool IsOnATurnOfALivingSilo => CurrentTurn.Activation is { Silo.IsDead: false };

    /// <param name="services">What grains take from their silo. Called once for each silo: a singleton is the silo's own.</param>
    public static SimulatedCluster Start(ClusterOptions options, Action<IServiceCollection>? services = null) =>
        new(new(options, services ?? (_ => { })));

    /// <summary>
    /// Ends activations as the death of their process would: what they have begun stops where it awaits, nothing is told to them, and
    /// calls to them time out. The directory knows at once. Call it between turns.
    /// </summary>
    /// <returns>How many activations were ended.</returns>
    public int Crash(Predicate<GrainId> which)
    {
        var crashing = _runtime.Directory.Activations(activation => !activation.Silo.IsDead && which(activation.GrainId));
        foreach (var activation in crashing)
            activation.Crash();
        return crashing.Count;
    }

    /// <summary>
    /// Lets the directory forget activations that live on, as when a silo is taken for dead and is not: what they have begun goes on,
    /// callers that hold a reference still reach them, others get a second activation. Stateless workers are left alone.
    /// </summary>
    /// <returns>How many activations were forgotten.</returns>
    public int Forget(Predicate<GrainId> which)
    {
        var forgotten = _runtime.Directory.Activations(a => a is { Class.MaxWorkers: 0, Silo.IsDead: false } && which(a.GrainId));
        foreach (var activation in forgotten)
            _runtime.Directory.Remove(activation.GrainId, activation);
        _forgotten.AddRange(forgotten);
        return forgotten.Count;
    }

    /// <summary>Ends the activations that were forgotten, as the death of their process would. Call it between turns.</summary>
    public void CrashForgotten()
    {
        foreach (var activation in _forgotten)
            activation.Crash();
        _forgotten.Clear();
    }

    /// <summary>
    /// A silo dies with all its activations; another takes its place at once. Calls to the dead activations are lost until the directory
    /// forgets them. Call it between turns.
    /// </summary>
    /// <param name="number">Which of the silos, from 0.</param>
    /// <param name="unnoticed">How long the directory takes to notice.</param>
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
    /// Ends all activations, in at most <see cref="ClusterOptions.StopTimeout"/>; callers that still wait then get an error.
    /// </summary>
    /// <returns>How many activations had not ended in time.</returns>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => _runtime.StopAsync(cancellationToken);

    public void Dispose() => _runtime.Dispose();
}
