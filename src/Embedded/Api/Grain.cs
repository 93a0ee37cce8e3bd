using ConvoSynth.Embedded.Runtime;
using Orleans.Runtime;

// The parameter names are those of Orleans, whose base class and interface differ in them.
#pragma warning disable CA1725

namespace Orleans;

/// <summary>The base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>The runtime sets the context before it constructs a grain; a grain made by hand has none.</summary>
    protected Grain() => GrainContext = RuntimeContext.Current!;

    public IGrainContext GrainContext { get; }

    public string IdentityString => GrainContext.GrainId.ToString();

    protected IGrainFactory GrainFactory => Activation.Runtime;

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Activation => GrainContext as Activation
        ?? throw new InvalidOperationException($"{GetType().Name} was constructed outside the runtime, so it has no activation: get it by GetGrain.");

    /// <summary>Called before the first request. A failure rejects the requests that wait; the next call activates anew.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called when no request runs any more and none will start.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation when the requests that it runs have finished; the next call activates anew.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>
    /// Keeps this activation from being collected as idle for at least <paramref name="timeSpan"/>: zero takes an earlier
    /// call back, <see cref="Timeout.InfiniteTimeSpan"/> holds until <see cref="DeactivateOnIdle"/>.
    /// </summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}
