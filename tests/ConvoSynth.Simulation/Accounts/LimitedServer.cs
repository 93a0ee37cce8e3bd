namespace ConvoSynth.Simulation.Accounts;

/// <summary>The server behind an account, which sees all processes and counts by the simulation's own clock.</summary>
internal sealed class LimitedServer(int perMinute, int inFlight, TimeProvider time)
{
    private readonly Queue<long> _lastMinute = new();
    private int _inFlight;

    /// <summary>The first violation of a limit.</summary>
    public string? Violation { get; private set; }

    public long Requests { get; private set; }

    public void Begin()
    {
        var now = time.GetTimestamp();
        while (_lastMinute.TryPeek(out var first) && first <= now - TimeSpan.TicksPerMinute)
            _lastMinute.Dequeue();
        _lastMinute.Enqueue(now);
        Requests++;
        if (_lastMinute.Count > perMinute)
            Violation ??= $"{_lastMinute.Count} requests in a minute where {perMinute} may be, at {TimeSpan.FromTicks(now)}";
        if (++_inFlight > inFlight)
            Violation ??= $"{_inFlight} requests in flight where {inFlight} may be, at {TimeSpan.FromTicks(now)}";
    }

    public void End() => _inFlight--;
}
