using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime.Scheduling;

/// <summary>The fate of a call in flight.</summary>
internal enum CallFate
{
    /// <summary>It arrives, and so does its response.</summary>
    Deliver,

    /// <summary>It never arrives; its caller times out.</summary>
    LoseRequest,

    /// <summary>It arrives and runs; its response is lost, and its caller times out.</summary>
    LoseResponse,

    /// <summary>It arrives twice, as a caller's retry would; the caller gets the response of the first.</summary>
    DeliverTwice,

    /// <summary>It arrives after <see cref="ICallFates.Lateness"/>, possibly after its caller has given up and retried.</summary>
    DeliverLate,
}

/// <summary>Decides the fate of each call: simulates the failures of a network.</summary>
internal interface ICallFates
{
    /// <summary>Called once for each call, when it is sent.</summary>
    /// <param name="sender">The calling grain; null for a client.</param>
    /// <param name="method">Interface and method, as <c>IName.Method</c>.</param>
    CallFate FateOf(GrainId? sender, GrainId target, string method);

    /// <summary>Delay of a late call. Called once per late call, right after its fate.</summary>
    TimeSpan Lateness() => TimeSpan.FromSeconds(1);
}
