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

    /// <summary>Ends the activation if it is still idle when the turn comes.</summary>
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
    /// Ends the activation as the death of its process would: nothing that it has begun goes on, nothing is disposed or told, and what
    /// waits for it times out. Called between turns.
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
        // While it is being activated the reason waits; otherwise the end comes after the turn in which nothing runs any more.
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
            // It was never active: it is not told of its end, and what waits goes to the next activation.
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

    /// <summary>
    /// Awaits a step of the life cycle for a bounded time; beyond it the step's token is cancelled and the step is left alone.
    /// </summary>
    private async Task WithinAsync(TimeSpan limit, Func<CancellationToken, Task> step, string name)
    {
        // Cancelled on a turn, as everything that the grain may have hung on the token runs on one. That turn may come late, so the
        // source is not disposed; it holds nothing that would need it.
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
