using Orleans.Runtime;

namespace ConvoSynth.Embedded.Scheduling;

/// <summary>An activation that has turns to run. Executing it runs some of them on the calling thread.</summary>
public interface IGrainWorkItem : IThreadPoolWorkItem
{
    /// <summary>Whose turns these are.</summary>
    GrainId GrainId { get; }

    /// <summary>The number of the activation in the order of creation: an order that no hash decides.</summary>
    long Serial { get; }
}

/// <summary>
/// Decides when and on which thread activations run. It is the only way in which the runtime gets hold of a thread: a scheduler
/// that runs everything on one thread in an order of its choice makes the whole runtime deterministic.
/// </summary>
public interface IGrainScheduler
{
    /// <summary>The most turns that one execution of a work item runs before it is scheduled again; at least 1.</summary>
    int TurnsPerSlice { get; }

    /// <summary>
    /// Executes the item once, later, never on the caller's stack. An item is not scheduled again before its execution has begun.
    /// </summary>
    /// <param name="item">The activation that has turns to run.</param>
    /// <param name="givesWay">
    /// Whether it has just used up a slice, or is about to begin, so that others should come first: who begins a thousand activations would otherwise be done
    /// with that before the first of them goes on.
    /// </param>
    void Schedule(IGrainWorkItem item, bool givesWay);
}

/// <summary>Sees every turn that is posted to an activation, on the thread that posts it.</summary>
public interface IPostObserver
{
    /// <summary>Called before the turn is queued; an exception here goes to whoever posts.</summary>
    /// <param name="target">The grain whose turn it will be.</param>
    /// <param name="continuation">The continuation, or null for a request or a runtime event.</param>
    void Posted(GrainId target, Task? continuation);
}

/// <summary>Runs activations on the thread pool.</summary>
public sealed class ThreadPoolGrainScheduler : IGrainScheduler
{
    /// <summary>Enough to make the hand-over cheap, few enough that a busy activation does not hold its thread for long.</summary>
    public int TurnsPerSlice => 64;

    /// <summary>
    /// A thread's own queue is last in, first out: good for a call and its response, but whoever goes on and on there would keep all others
    /// waiting.
    /// </summary>
    public void Schedule(IGrainWorkItem item, bool givesWay) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: !givesWay);
}
