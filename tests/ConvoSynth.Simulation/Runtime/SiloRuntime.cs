using Orleans.Core;
using Orleans.Runtime;
using Orleans.Timers;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// The services of a silo for its grains. Like Orleans, it refuses code outside the turns of an activation, and activations that have
/// ended: such code would race with the grain.
/// </summary>
internal sealed class SiloRuntime(ClusterRuntime cluster, Silo silo) : IGrainRuntime, ITimerRegistry
{
    public string SiloIdentity => SiloAddress.ToString();

    public SiloAddress SiloAddress => silo.Address;

    public TimeProvider TimeProvider => cluster.Options.Time;

    public IGrainFactory GrainFactory => OnATurn(cluster.Client);

    public ITimerRegistry TimerRegistry => OnATurn(this);

    public IServiceProvider ServiceProvider => OnATurn(silo.Services);

    public void DeactivateOnIdle(IGrainContext grainContext) =>
        Checked(grainContext).Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) => Checked(grainContext).DelayDeactivation(timeSpan);

    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options
    ) => Checked(grainContext).AddTimer(token => callback(state, token), options);

    public IDisposable RegisterTimer(
        IGrainContext grainContext,
        Func<object?, Task> callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    ) => Checked(grainContext).AddTimer(_ => callback(state), new(dueTime, period) { Interleave = true });

    public IStorage<TGrainState> GetStorage<TGrainState>(IGrainContext grainContext) =>
        throw new NotSupportedException("The simulator keeps no grain state: the run folder is the only durable state.");

    private static T OnATurn<T>(T service)
    {
        Checked(CurrentTurn.Activation);
        return service;
    }

    private static Activation Checked(IGrainContext? context) =>
        context switch
        {
            Activation { HasEnded: false } activation => activation,
            null => throw new InvalidOperationException(
                "Activation access violation. A non-activation thread attempted to access activation services."
            ),
            _ => throw new InvalidOperationException($"Attempt to access an invalid activation: {context}"),
        };
}
