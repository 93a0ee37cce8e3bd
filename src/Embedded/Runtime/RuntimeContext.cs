using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>Whose turn the current thread runs.</summary>
internal static class RuntimeContext
{
    /// <summary>The queue whose turn it is; null outside turns.</summary>
    [ThreadStatic]
    public static TurnQueue? Queue;

    /// <summary>The activation whose turn it is; null outside the turns of activations.</summary>
    public static Activation? Current => Queue?.Owner as Activation;
}

/// <summary>What has turns.</summary>
internal interface ITurnOwner
{
    GrainId GrainId { get; }

    long Serial { get; }

    /// <summary>Runs a turn that is not a continuation.</summary>
    void Run(object turn);

    /// <summary>Called after each turn, as part of it.</summary>
    void AfterTurn();
}
