using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime.Scheduling;

/// <summary>An activation that has turns to run.</summary>
internal interface IGrainWorkItem
{
    /// <summary>Whose turns these are.</summary>
    GrainId GrainId { get; }

    /// <summary>The number of the activation in the order of creation: an order that no hash decides.</summary>
    long Serial { get; }

    /// <summary>Runs some of the turns on the calling thread.</summary>
    void Execute();
}

/// <summary>
/// Decides in which order activations run. It is the only way in which the simulator gets hold of a thread: a scheduler that runs
/// everything on one thread in an order of its choice makes the whole cluster deterministic.
/// </summary>
internal interface IGrainScheduler
{
    /// <summary>The most turns that one execution of a work item runs before it is scheduled again; at least 1.</summary>
    int TurnsPerSlice { get; }

    /// <summary>
    /// Executes the item once, later, never on the caller's stack. An item is not scheduled again before its execution has begun.
    /// </summary>
    void Schedule(IGrainWorkItem item);
}

/// <summary>Sees every turn that is posted to an activation, on the thread that posts it.</summary>
internal interface IPostObserver
{
    /// <summary>Called before the turn is queued; an exception here goes to the poster.</summary>
    /// <param name="target">The grain whose turn it will be.</param>
    /// <param name="continuation">The continuation, or null for a request or a runtime event.</param>
    void Posted(GrainId target, Task? continuation);
}
