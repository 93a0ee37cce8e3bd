using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime.Scheduling;

/// <summary>A queue with turns to run.</summary>
internal interface IGrainWorkItem
{
    /// <summary>The owner of these turns.</summary>
    GrainId GrainId { get; }

    /// <summary>Number of the activation in the order of creation: an order that is independent of hashes.</summary>
    long Serial { get; }

    /// <summary>Runs some of the turns on the calling thread.</summary>
    void Execute();
}

/// <summary>
/// Decides the order in which activations run. It is the simulator's only access to threads. A scheduler that runs everything on one
/// thread, in an order of its choice, makes the whole cluster deterministic.
/// </summary>
internal interface IGrainScheduler
{
    /// <summary>Maximum turns per execution of a work item before it is scheduled again; at least 1.</summary>
    int TurnsPerSlice { get; }

    /// <summary>
    /// Executes the item once, later, never on the caller's stack. An item is not scheduled again before its execution has begun.
    /// </summary>
    void Schedule(IGrainWorkItem item);
}

/// <summary>Sees every turn that is posted to an activation, on the posting thread.</summary>
internal interface IPostObserver
{
    /// <summary>Called before the turn is queued; an exception propagates to the poster.</summary>
    /// <param name="target">The grain that owns the turn.</param>
    /// <param name="continuation">The continuation, or null for a request or a runtime event.</param>
    void Posted(GrainId target, Task? continuation);
}
