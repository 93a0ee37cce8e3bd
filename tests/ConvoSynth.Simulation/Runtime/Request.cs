namespace ConvoSynth.Simulation.Runtime;

/// <summary>Work that an activation admits by its rules of reentrancy: a call, or the tick of a timer.</summary>
internal abstract class Request
{
    public virtual bool Interleaves => false;

    public virtual bool IsReadOnly => false;

    /// <summary>Whether its caller has stopped waiting, so that it need not start.</summary>
    public virtual bool IsAbandoned => false;

    /// <summary>Whether it counts as use of the activation.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>
    /// Runs on a turn of the activation. Must not throw, and must call <see cref="Activation.Finished"/> once when it completes.
    /// </summary>
    public abstract void Begin(Activation activation);

    /// <summary>Ends the request without running it, for the given reason.</summary>
    public abstract void Reject(Exception reason);

    /// <summary>Handles the regular end of the activation at which it waits: moves to the grain's next activation, or ends.</summary>
    public abstract void Redirect();
}

/// <summary>An action of the runtime on a turn of an activation; rules of reentrancy do not delay it.</summary>
internal sealed class ActivationEvent(Action<Activation> run)
{
    public void Run(Activation activation) => run(activation);
}

/// <summary>The destination of a grain's calls: its activation, or the pool of a stateless worker.</summary>
internal abstract class CallTarget
{
    /// <returns>False if the target has ended; the caller then looks up the grain's next target.</returns>
    public abstract bool TryEnqueue(Request request);

    /// <summary>Adds the activations behind this target.</summary>
    public abstract void AddActivationsTo(List<Activation> activations);
}
