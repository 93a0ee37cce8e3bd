namespace ConvoSynth.Models.Tests;

/// <summary>A clock that only the test moves. It fires due timers in order, on the thread that moves it.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly List<FakeTimer> _armed = [];
    private long _now;
    private long _sequence;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The number of armed timers.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_armed)
                return _armed.Count;
        }
    }

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        var end = _now + time.Ticks;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        Volatile.Write(ref _now, end);
    }

    private FakeTimer? TakeDue(long end)
    {
        lock (_armed)
        {
            var timer = _armed.Where(t => t.Due <= end).MinBy(t => (t.Due, t.Sequence));
            if (timer is null)
                return null;
            _armed.Remove(timer);
            Volatile.Write(ref _now, Math.Max(_now, timer.Due));
            return timer;
        }
    }

    private sealed class FakeTimer(FakeTime time, Action fire) : ITimer
    {
        private TimeSpan _period;
        private bool _disposed;

        public long Due { get; private set; }

        public long Sequence { get; private set; }

        public void Fire()
        {
            if (_period != Timeout.InfiniteTimeSpan && _period != TimeSpan.Zero)
                Change(_period, _period);
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._armed)
            {
                time._armed.Remove(this);
                if (_disposed)
                    return false;
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime.Ticks;
                Sequence = time._sequence++;
                time._armed.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._armed)
            {
                _disposed = true;
                time._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
