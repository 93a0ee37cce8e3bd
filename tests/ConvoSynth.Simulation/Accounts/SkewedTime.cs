namespace ConvoSynth.Simulation.Accounts;

/// <summary>A process's own clock: started at another time, and a little faster or slower than the simulation's.</summary>
internal sealed class SkewedTime(VirtualTime time, double rate, long offset) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => offset + (long)(time.GetTimestamp() * rate);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, time.CreateTimer(callback, state, True(dueTime), True(period)));

    private TimeSpan True(TimeSpan own) => own == Timeout.InfiniteTimeSpan ? own : own / rate;

    private sealed class Timer(SkewedTime time, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(time.True(dueTime), time.True(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
