using System.Reflection;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>The turn that the current thread runs.</summary>
internal static class CurrentTurn
{
    // The base class of grains takes its context from Orleans' own thread static, which has no public setter. Reflection leaves the
    // grains' constructors unchanged.
    private static readonly Action<IGrainContext?> SetContext = typeof(Grain)
        .Assembly.GetType("Orleans.Runtime.RuntimeContext", throwOnError: true)!
        .GetMethod("ResetExecutionContext", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
        .CreateDelegate<Action<IGrainContext?>>();

    /// <summary>The queue of the current turn; null outside turns.</summary>
    [field: ThreadStatic]
    public static TurnQueue? Queue { get; private set; }

    /// <summary>The activation of the current turn; null outside the turns of activations.</summary>
    public static Activation? Activation => Queue?.Owner as Activation;

    /// <returns>The previous queue.</returns>
    public static TurnQueue? Enter(TurnQueue? queue)
    {
        var previous = Queue;
        Queue = queue;
        SetContext(queue?.Owner as Activation);
        return previous;
    }
}

/// <summary>An owner of a turn queue: an activation or the housekeeping.</summary>
internal interface ITurnOwner
{
    GrainId GrainId { get; }

    long Serial { get; }

    /// <summary>Runs a turn that is not a continuation.</summary>
    void Run(object turn);

    /// <summary>Called after each turn, as part of it.</summary>
    void AfterTurn();
}
