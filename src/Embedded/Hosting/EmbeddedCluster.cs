using ConvoSynth.Embedded.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Embedded;

/// <summary>The grains of this process as a whole.</summary>
public sealed class EmbeddedCluster(IServiceProvider services)
{
    private readonly GrainRuntime _runtime = services.GetRequiredService<GrainRuntime>();
    private readonly List<Activation> _forgotten = [];

    public IClusterClient Client => _runtime;

    /// <summary>The activations there are now, in the order of their creation.</summary>
    public IReadOnlyList<GrainId> ActiveGrains() => _runtime.Directory.Activations(_ => true).ConvertAll(activation => activation.GrainId);

    /// <summary>
    /// Ends activations as the death of their process would: what they have begun stops where it awaits, nothing is told to them, and
    /// calls to them time out. Call it while none of them runs a turn, as a scheduler can between two steps.
    /// </summary>
    /// <returns>How many activations were ended.</returns>
    public int Crash(Predicate<GrainId> which)
    {
        var crashing = _runtime.Directory.Activations(activation => which(activation.GrainId));
        foreach (var activation in crashing)
            activation.Crash();
        return crashing.Count;
    }

    /// <summary>
    /// Lets the directory forget activations that live on, as when a host is taken for dead and is not: what they have begun goes on and
    /// callers that hold a reference still reach them, while others get a second activation. Workers without state are left alone.
    /// </summary>
    /// <returns>How many activations were forgotten.</returns>
    public int Forget(Predicate<GrainId> which)
    {
        var forgotten = _runtime.Directory.Activations(activation => activation.Class.MaxWorkers == 0 && which(activation.GrainId));
        foreach (var activation in forgotten)
            _runtime.Directory.Remove(activation.GrainId, activation);
        _forgotten.AddRange(forgotten);
        return forgotten.Count;
    }

    /// <summary>Ends the activations that were forgotten, as the death of their process would. Call it while none of them runs a turn.</summary>
    public void CrashForgotten()
    {
        foreach (var activation in _forgotten)
            activation.Crash();
        _forgotten.Clear();
    }

    /// <summary>
    /// Ends all activations, in at most <see cref="EmbeddedGrainsOptions.StopTimeout"/>; callers that still wait then get an error.
    /// </summary>
    /// <returns>How many activations had not ended in time.</returns>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => _runtime.StopAsync(cancellationToken);
}

/// <summary>Starts and stops the grains with the host.</summary>
internal sealed class EmbeddedGrainsHostedService(EmbeddedCluster cluster) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => cluster.StopAsync(cancellationToken);
}
