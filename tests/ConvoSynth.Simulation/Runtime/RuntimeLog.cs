using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Problems of the runtime that no caller receives.</summary>
internal sealed partial class RuntimeLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Warning, "Activation of {Grain} failed; the requests that wait for it are rejected.")]
    public partial void ActivationFailed(GrainId grain, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "OnDeactivateAsync of {Grain} failed; the activation ends without it.")]
    public partial void DeactivationFailed(GrainId grain, Exception failure);

    [LoggerMessage(3, LogLevel.Warning, "Disposing {Grain} failed.")]
    public partial void DisposalFailed(GrainId grain, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "A timer of {Grain} failed; it ticks on.")]
    public partial void TimerFailed(GrainId grain, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "A callback on the cancellation of {Request} failed.")]
    public partial void CancellationCallbackFailed(string request, Exception failure);

    [LoggerMessage(7, LogLevel.Error, "A turn of {Grain} failed; the turns after it run.")]
    public partial void TurnFailed(GrainId grain, Exception failure);

    [LoggerMessage(6, LogLevel.Warning, "The stop took too long: {Count} activations had not ended.")]
    public partial void StopIncomplete(int count);
}
