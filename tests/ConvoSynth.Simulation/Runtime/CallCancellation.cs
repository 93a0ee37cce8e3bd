namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Propagates a cancellation from caller to callee, whose own token is cancelled on one of its turns. The caller does not wait for that.
/// </summary>
internal sealed class CallCancellation(GrainCall call, CancellationToken callerToken)
{
    private CancellationTokenRegistration _registration;
    private Activation? _host;

    /// <summary>Watches the caller's token. To be called when the call can be cancelled, before it is sent.</summary>
    public void Watch() => _registration = callerToken.UnsafeRegister(static state => ((CallCancellation)state!).CallerCancelled(), this);

    /// <summary>Registers the activation that runs the call.</summary>
    /// <returns>False if the call was cancelled before it began.</returns>
    public bool TryBegin(Activation host)
    {
        _host = host;
        return !call.IsAbandoned;
    }

    public void Release() => _registration.Unregister();

    // The canceller's thread must not run continuations of the call, so they run as housekeeping.
    private void CallerCancelled() =>
        call.Runtime.Housekeeping.Post(() =>
        {
            call.TryFail(new OperationCanceledException(callerToken));
            _host?.Post(new ActivationEvent(CancelCallee));
        });

    private void CancelCallee(Activation activation)
    {
        try
        {
            call.Body.TryCancel();
        }
        catch (AggregateException failure)
        {
            activation.Runtime.Log.CancellationCallbackFailed(call.ToString(), failure);
        }
    }
}
