namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>
/// Lets thousands of requests wait on one timer. Releases them in batches, one tick apart, instead of waking a thread for each. A pause
/// exceeds the request by up to a tick plus the clock's lateness. Continuations run on the clock's thread and must not block it.
/// </summary>
internal sealed class Pauses : IDisposable
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(3);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource<bool>, long> _waiting = new();
    private readonly List<TaskCompletionSource<bool>> _due = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isArmed;
    private bool _isStopped;

    public Pauses(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until a time after a given moment.</summary>
    /// <param name="since">The moment, as a timestamp of the clock.</param>
    /// <param name="seconds">Delay after the moment.</param>
    /// <returns>Whether the time has passed; false if the server stops.</returns>
    public ValueTask<bool> Until(long since, double seconds)
    {
        if (seconds <= _time.GetElapsedTime(since).TotalSeconds)
            return new(true);
        var due = since + (long)(seconds * _time.TimestampFrequency);
        var waiter = new TaskCompletionSource<bool>();
        lock (_lock)
        {
            if (_isStopped)
                return new(false);
            _waiting.Enqueue(waiter, due);
            Arm();
        }

        return new(waiter.Task);
    }

    /// <summary>Releases all waiters with false.</summary>
    public void Dispose()
    {
        TaskCompletionSource<bool>[] left;
        lock (_lock)
        {
            _isStopped = true;
            left = [.. _waiting.UnorderedItems.Select(w => w.Element)];
            _waiting.Clear();
        }

        foreach (var waiter in left)
            waiter.TrySetResult(false);
        _timer.Dispose();
    }

    // One release runs at a time: it arms the next when it ends.
    private void Release()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            while (_waiting.TryPeek(out var waiter, out var due) && due <= now)
            {
                _due.Add(waiter);
                _waiting.Dequeue();
            }
        }

        foreach (var waiter in _due)
            waiter.TrySetResult(true);
        _due.Clear();
        lock (_lock)
        {
            _isArmed = false;
            Arm();
        }
    }

    private void Arm()
    {
        if (_isArmed || _isStopped || _waiting.Count == 0)
            return;
        _isArmed = true;
        _timer.Change(Tick, Timeout.InfiniteTimeSpan);
    }
}
