namespace ConvoSynth.Simulation.Runtime;

/// <summary>Work that an activation admits by its rules of reentrancy: a call or the tick of a timer.</summary>
internal abstract class Request
{
    public virtual bool Interleaves => false;

    public virtual bool IsReadOnly => false;

    /// <summary>Whether its caller has stopped waiting, so that it need not start.</summary>
    public virtual bool IsAbandoned => false;

    /// <summary>Whether running it counts as use of the activation.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>
    /// Runs on a turn of the activation. Never throws; <see cref="Activation.Finished"/> is called once, when it is done.
    /// </summary>
    public abstract void Begin(Activation activation);

    /// <summary>It will not run, for this reason.</summary>
    public abstract void Reject(Exception reason);

    /// <summary>The activation that it waited at has ended without a failure: goes to the grain's next one, or is over.</summary>
    public abstract void Redirect();
}

/// <summary>Something that the runtime does on a turn of an activation; no rule of reentrancy holds it up.</summary>
internal sealed class ActivationEvent(Action<Activation> run)
{
    public void Run(Activation activation) => run(activation);
}

/// <summary>Where the calls to a grain go: its activation, or the pool of a stateless worker.</summary>
internal abstract class CallTarget
{
    /// <summary>False when the target has ended; the caller then looks for the grain's next one.</summary>
    public abstract bool TryEnqueue(Request request);

    /// <summary>Adds those activations behind the target that are so.</summary>
    public abstract void AddActivationsTo(List<Activation> activations);
}
