using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Models.Tests;

/// <summary>
/// A clock that moves from one due timer to the next. <see cref="FakeTimeProvider.Advance"/> alone jumps to the end first, so a timer
/// armed on the way would count from there.
/// </summary>
public sealed class SteppedTime() : FakeTimeProvider(DateTimeOffset.UnixEpoch)
{
    private readonly Lock _lock = new();
    private readonly HashSet<SteppedTimer> _armed = [];

    /// <summary>The number of armed timers.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock)
                return _armed.Count;
        }
    }

    /// <summary>Moves the clock, and fires each due timer at its own time.</summary>
    public void Pass(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (Next(end) is { } due)
            Advance(due > GetUtcNow() ? due - GetUtcNow() : TimeSpan.Zero);
        Advance(end - GetUtcNow());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this, callback, state);
        timer.Inner = base.CreateTimer(static t => ((SteppedTimer)t!).Fire(), timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset? Next(DateTimeOffset end)
    {
        lock (_lock)
            return _armed.Where(t => t.Due <= end).Select(t => (DateTimeOffset?)t.Due).Min();
    }

    private sealed class SteppedTimer(SteppedTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public ITimer Inner { get; set; } = null!;

        public DateTimeOffset Due { get; private set; }

        public void Fire()
        {
            Arm(_period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _period);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Arm(dueTime);
            return Inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            Arm(Timeout.InfiniteTimeSpan);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan due)
        {
            lock (time._lock)
            {
                if (due == Timeout.InfiniteTimeSpan)
                {
                    time._armed.Remove(this);
                    return;
                }

                Due = time.GetUtcNow() + due;
                time._armed.Add(this);
            }
        }
    }
}
