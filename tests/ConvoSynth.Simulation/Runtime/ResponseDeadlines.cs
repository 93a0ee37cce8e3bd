namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// The calls with a waiting caller, in the order of sending, so that each can time out. One timer serves them all: it is armed for the
/// earliest deadline, at most once per resolution, and only while calls are in flight.
/// </summary>
internal sealed class ResponseDeadlines : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly TimeSpan _resolution;
    private readonly Housekeeping _housekeeping;
    private readonly Action<GrainCall> _expired;
    private readonly LinkedList<GrainCall> _waiting = [];
    private readonly ITimer _timer;
    private long _nextScan = Never;

    public ResponseDeadlines(TimeProvider time, TimeSpan resolution, Housekeeping housekeeping, Action<GrainCall> expired)
    {
        (_time, _resolution, _housekeeping, _expired) = (time, resolution, housekeeping, expired);
        _timer = time.CreateTimer(
            static state => ((ResponseDeadlines)state!).Due(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public void Add(GrainCall call)
    {
        call.Waiting = _waiting.AddLast(call);
        if (call.Deadline < _nextScan)
            Arm(call.Deadline);
    }

    public static void Remove(GrainCall call)
    {
        if (call.Waiting is { List: { } waiting } node)
            waiting.Remove(node);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Ends every call in flight, since the cluster stops.</summary>
    public void ExpireAll() => _housekeeping.Post(() => Expire(Never));

    private void Due() => _housekeeping.Post(Scan);

    private void Scan()
    {
        _nextScan = Never;
        var earliest = Expire(_time.GetTimestamp());
        if (earliest != Never)
            Arm(earliest);
    }

    /// <summary>Ends the calls that are due by <paramref name="now"/>.</summary>
    /// <returns>The earliest deadline of the remaining calls.</returns>
    private long Expire(long now)
    {
        var due = _waiting.Where(call => call.Deadline <= now).ToArray();
        var earliest = _waiting.Where(call => call.Deadline > now).Select(call => call.Deadline).DefaultIfEmpty(Never).Min();
        foreach (var call in due)
        {
            Remove(call);
            _expired(call);
        }

        return earliest;
    }

    private void Arm(long deadline)
    {
        var now = _time.GetTimestamp();
        var wait = deadline > now ? _time.GetElapsedTime(now, deadline) : TimeSpan.Zero;
        if (wait < _resolution)
            wait = _resolution;
        var scan = Clock.After(_time, now, wait);
        if (scan >= _nextScan)
            return;
        _nextScan = scan;
        // Timers have a resolution of whole milliseconds. Rounds up, so that the scan does not come just before the deadline.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
