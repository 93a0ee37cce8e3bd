using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// A timer of an activation. A tick is a request of the activation to itself. The next tick is due only after it has ended, so ticks of
/// one timer never overlap.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private readonly bool _keepAlive;
    private readonly bool _interleave;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _changedInTick;
    private bool _ticking;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, options.Period);
        _activation = activation;
        _callback = callback;
        _dueTime = options.DueTime;
        _period = options.Period;
        _keepAlive = options.KeepAlive;
        _interleave = options.Interleave;

        // The timer outlives the request that registers it: its ticks must not see that request's ambient context.
        using var _ = ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow();
        _timer = activation.Runtime.Time.CreateTimer(
            static state => ((GrainTimer)state!).Due(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public void Start() => _timer.Change(_dueTime, Timeout.InfiniteTimeSpan);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, period);
        (_dueTime, _period) = (dueTime, period);
        _changedInTick = _ticking;
        if (!_ticking && !_disposed.IsCancellationRequested)
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _timer.Dispose();
        _activation.RemoveTimer(this);
        try
        {
            _disposed.Cancel();
        }
        catch (AggregateException failure)
        {
            _activation.Runtime.Log.CancellationCallbackFailed($"timer of {_activation.GrainId}", failure);
        }
    }

    /// <summary>Stops ticking without cancelling the token: a dead process cancels nothing.</summary>
    public void Abandon() => _timer.Dispose();

    private static void Check(TimeSpan dueTime, TimeSpan period)
    {
        CheckOne(dueTime, nameof(dueTime));
        CheckOne(period, nameof(period));

        static void CheckOne(TimeSpan value, string name)
        {
            if ((value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan) || value.TotalMilliseconds > uint.MaxValue - 1)
                throw new ArgumentOutOfRangeException(name, value, "A timer's time is zero, positive up to 49 days, or infinite.");
        }
    }

    // Runs on the clock's thread. If the activation takes no more requests, the tick is dropped.
    private void Due()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _ticking = true;
        _activation.TryEnqueue(new Tick(this));
    }

    private void Ticked()
    {
        _ticking = false;
        if (_disposed.IsCancellationRequested)
            return;
        var next = _changedInTick ? _dueTime : _period;
        _changedInTick = false;
        _timer.Change(next, Timeout.InfiniteTimeSpan);
    }

    private sealed class Tick(GrainTimer timer) : Request
    {
        public override bool Interleaves => timer._interleave;

        public override bool IsAbandoned => timer._disposed.IsCancellationRequested;

        public override bool KeepsAlive => timer._keepAlive;

        public override void Begin(Activation activation)
        {
            Task pending;
            try
            {
                pending = timer._callback(timer._disposed.Token);
            }
            catch (Exception failure)
            {
                pending = Task.FromException(failure);
            }

            if (pending.IsCompletedSuccessfully)
                End(activation);
            else
                _ = AwaitAsync(pending, activation);
        }

        public override void Reject(Exception reason) { }

        public override void Redirect() { }

        private async Task AwaitAsync(Task pending, Activation activation)
        {
            try
            {
                await pending;
            }
            catch (Exception failure)
            {
                activation.Runtime.Log.TimerFailed(activation.GrainId, failure);
            }

            End(activation);
        }

        private void End(Activation activation)
        {
            timer.Ticked();
            activation.Finished(this);
        }
    }
}
