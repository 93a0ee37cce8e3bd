namespace ConvoSynth.Simulation;

/// <summary>
/// A clock that moves only on request, to the next timer or to a given time, and fires timers on the thread that moves it. Ties fire in
/// the order of arming.
/// </summary>
internal sealed class VirtualTime(long start = 0) : TimeProvider
{
    private readonly PriorityQueue<(Timer Timer, long Arming), (long Due, long Arming)> _armed = new();
    private long _now = start;
    private long _armings;

    /// <summary>Number of timers that will fire.</summary>
    public int ArmedTimers => _armed.UnorderedItems.Count(item => item.Element.Timer.Arming == item.Element.Arming);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer and fires it, if it is due by <paramref name="until"/>; otherwise moves to that time.</summary>
    /// <returns>Whether a timer fired.</returns>
    public bool FireNext(long until)
    {
        while (_armed.TryPeek(out var next, out var at))
        {
            if (next.Timer.Arming != next.Arming)
            {
                _armed.Dequeue(); // Changed or disposed since.
                continue;
            }

            if (at.Due > until)
                break;
            _armed.Dequeue();
            _now = Math.Max(_now, at.Due);
            next.Timer.Fire();
            return true;
        }

        _now = Math.Max(_now, until);
        return false;
    }

    /// <summary>Advances the clock and fires the timers that fall due on the way, in order.</summary>
    public void Advance(TimeSpan time)
    {
        var end = _now + time.Ticks;
        while (FireNext(end)) { }
    }

    private sealed class Timer(VirtualTime time, Action fire) : ITimer
    {
        private TimeSpan _period;
        private bool _disposed;

        /// <summary>Number of its last arming; a queue entry with another number is stale.</summary>
        public long Arming { get; private set; } = -1;

        public void Fire()
        {
            Arming = -1;
            if (_period != Timeout.InfiniteTimeSpan && _period != TimeSpan.Zero)
                Change(_period, _period);
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
                return false;
            _period = period;
            Arming = -1;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            Arming = time._armings++;
            time._armed.Enqueue((this, Arming), (time._now + dueTime.Ticks, Arming));
            return true;
        }

        public void Dispose() => (_disposed, Arming) = (true, -1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
