namespace ConvoSynth.Embedded.Runtime;

/// <summary>
/// Carries a cancellation from caller to callee. The callee has a token of its own, which is cancelled on one of its turns: what it
/// registered never runs beside its other code. The caller does not wait for that.
/// </summary>
// The source has no timer and no wait handle, so there is nothing to dispose; the callee may hold the token for longer than the call.
#pragma warning disable CA1001
internal sealed class CallCancellation(GrainCall call, CancellationToken callerToken)
{
    private readonly CancellationTokenSource _callee = new();
    private CancellationTokenRegistration _registration;
    private Activation? _host;

    public CancellationToken CalleeToken => _callee.Token;

    /// <summary>Called when the call is complete enough to be cancelled, and before it is sent.</summary>
    public void Watch() =>
        _registration = callerToken.UnsafeRegister(static state => ((CallCancellation)state!).CallerCancelled(), this);

    /// <summary>Says who runs the call; false when it was cancelled before it began.</summary>
    public bool TryBegin(Activation host)
    {
        // The exchange is a full fence: either this sees the call ended, or CallerCancelled sees the host.
        Interlocked.Exchange(ref _host, host);
        return !call.IsAbandoned;
    }

    public void Release() => _registration.Unregister();

    // Whoever cancels must not run what hangs on the call, so that goes to the housekeeping.
    private void CallerCancelled() => call.Target.Runtime.Housekeeping.Post(() =>
    {
        call.TryFail(new OperationCanceledException(callerToken));
        Interlocked.MemoryBarrier();
        _host?.Post(new ActivationEvent(CancelCallee));
    });

    private void CancelCallee(Activation activation)
    {
        try
        {
            _callee.Cancel();
        }
        catch (AggregateException failure)
        {
            activation.Runtime.Log.CancellationCallbackFailed(call.ToString(), failure);
        }
    }
}
