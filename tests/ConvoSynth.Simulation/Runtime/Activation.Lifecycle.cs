using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <content>Activation and deactivation.</content>
internal sealed partial class Activation
{
    private readonly List<GrainTimer> _timers = new(0);
    private DeactivationReason? _reason;

    public IGrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options);
        _timers.Add(timer);
        timer.Start();
        return timer;
    }

    public void RemoveTimer(GrainTimer timer) => _timers.Remove(timer);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(CurrentTurn.Activation, this))
            BeginDeactivation(deactivationReason);
        else
            Post(new ActivationEvent(activation => activation.BeginDeactivation(deactivationReason)));
    }

    /// <summary>Deactivates the activation if it is still idle when the turn runs.</summary>
    public void Collect() =>
        Post(
            new ActivationEvent(activation =>
            {
                if (activation.IsIdle(activation.Runtime.Time.GetTimestamp()))
                    activation.BeginDeactivation(
                        new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"Unused for {activation.Age}.")
                    );
            })
        );

    /// <summary>
    /// Ends the activation as the death of its process would: running work stops, nothing is disposed or notified, and its callers time
    /// out. Must be called between turns.
    /// </summary>
    public void Crash(bool leavesDirectory = true)
    {
        _turns.Discard();
        _stage = Stage.Ended;
        foreach (var timer in _timers)
            timer.Abandon();
        if (leavesDirectory)
            LeaveDirectory();
        _deactivated.TrySetResult();
    }

    private void BeginDeactivation(DeactivationReason reason)
    {
        if (_stage >= Stage.Deactivating || _reason is not null)
            return;
        _reason = reason;
        // During activation the reason waits. Otherwise the activation ends after the turn that leaves no request running.
        if (_stage != Stage.Activating)
            _stage = Stage.Deactivating;
    }

    private async Task ActivateAsync()
    {
        _stage = Stage.Activating;
        try
        {
            GrainInstance = Class.Construct(this);
            if (Class.HandlesActivation)
            {
                await WithinAsync(
                    Runtime.Options.ActivationTimeout,
                    token => ((IGrainBase)GrainInstance).OnActivateAsync(token),
                    "OnActivateAsync"
                );
            }
        }
        catch (Exception failure)
        {
            Runtime.Log.ActivationFailed(GrainId, failure);
            await EndAsync(failure);
            return;
        }

        if (_reason is not null)
        {
            // It was never active: skip OnDeactivateAsync, and send waiting requests to the next activation.
            await EndAsync();
            return;
        }

        _stage = Stage.Active;
        AdmitWaiting();
    }

    private async Task EndAsync(Exception? failure = null)
    {
        var activated = _stage == Stage.Deactivating;
        _stage = Stage.Ending;
        foreach (var timer in _timers.ToArray())
            timer.Dispose();
        if (activated && GrainInstance is IGrainBase grain && Class.HandlesDeactivation)
        {
            try
            {
                await WithinAsync(
                    Runtime.Options.DeactivationTimeout,
                    token => grain.OnDeactivateAsync(_reason!.Value, token),
                    "OnDeactivateAsync"
                );
            }
            catch (Exception deactivationFailure)
            {
                Runtime.Log.DeactivationFailed(GrainId, deactivationFailure);
            }
        }

        await DisposeInstanceAsync();
        Close(failure);
    }

    /// <summary>Awaits a lifecycle step for a bounded time. After the limit it cancels the step's token and abandons the step.</summary>
    private async Task WithinAsync(TimeSpan limit, Func<CancellationToken, Task> step, string name)
    {
        // Cancellation runs on a turn, like every callback that the grain registers on the token. That turn may come late, so the source
        // is not disposed; it holds nothing that needs disposal.
        var timeout = new CancellationTokenSource();
        var cancel = new ActivationEvent(_ => timeout.Cancel());
        await using var timer = Runtime.Time.CreateTimer(_ => Post(cancel), null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            await step(timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException cancelled) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"{name} of {GrainId} did not finish in {limit}.", cancelled);
        }
    }

    private async Task DisposeInstanceAsync()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else if (GrainInstance is IDisposable disposable)
                disposable.Dispose();
            if (_scope is { } scope)
                await scope.DisposeAsync();
        }
        catch (Exception failure)
        {
            Runtime.Log.DisposalFailed(GrainId, failure);
        }
    }

    private void Close(Exception? failure)
    {
        var left = _turns.Close();
        _stage = Stage.Ended;
        GrainInstance = null;
        LeaveDirectory();
        while (_waiting.TryDequeue(out var request))
            Leave(request, failure);
        foreach (var request in left)
            Leave(request, failure);
        _deactivated.TrySetResult();
    }

    public void LeaveDirectory()
    {
        if (_pool is null)
            Runtime.Directory.Remove(GrainId, this);
        else
            _pool.Remove(this);
    }

    private static void Leave(Request request, Exception? failure)
    {
        if (request.IsAbandoned)
            return;
        if (failure is null)
            request.Redirect();
        else
            request.Reject(failure);
    }
}
