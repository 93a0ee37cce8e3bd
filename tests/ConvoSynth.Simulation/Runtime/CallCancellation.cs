namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Carries a cancellation from caller to callee, whose own token is cancelled on one of its turns. The caller does not wait for that.
/// </summary>
internal sealed class CallCancellation(GrainCall call, CancellationToken callerToken)
{
    private CancellationTokenRegistration _registration;
    private Activation? _host;

    /// <summary>Called when the call is complete enough to be cancelled, and before it is sent.</summary>
    public void Watch() => _registration = callerToken.UnsafeRegister(static state => ((CallCancellation)state!).CallerCancelled(), this);

    /// <summary>Says who runs the call; false when it was cancelled before it began.</summary>
    public bool TryBegin(Activation host)
    {
        _host = host;
        return !call.IsAbandoned;
    }

    public void Release() => _registration.Unregister();

    // A canceller must not run what hangs on the call, so that goes to the housekeeping.
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
