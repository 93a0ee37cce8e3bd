using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime.Scheduling;

/// <summary>What becomes of a call on its way.</summary>
internal enum CallFate
{
    /// <summary>It arrives, and so does its response.</summary>
    Deliver,

    /// <summary>It never arrives; its caller times out.</summary>
    LoseRequest,

    /// <summary>It arrives and runs; its response is lost, and its caller times out.</summary>
    LoseResponse,

    /// <summary>It arrives twice, as a caller's second try would; the response is the first one's.</summary>
    DeliverTwice,

    /// <summary>It arrives after <see cref="ICallFates.Lateness"/>, when its caller may have given up and asked again.</summary>
    DeliverLate,
}

/// <summary>Decides what becomes of each call: how a test plants the faults of a network.</summary>
internal interface ICallFates
{
    /// <summary>Asked once for each call, when it is sent.</summary>
    /// <param name="sender">The calling grain; null for a client.</param>
    /// <param name="target">The called grain.</param>
    /// <param name="method">Interface and method, as <c>IName.Method</c>.</param>
    CallFate FateOf(GrainId? sender, GrainId target, string method);

    /// <summary>How long a late call is on its way. Asked once for each, right after its fate.</summary>
    TimeSpan Lateness() => TimeSpan.FromSeconds(1);
}
