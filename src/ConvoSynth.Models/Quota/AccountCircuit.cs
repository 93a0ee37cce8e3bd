namespace ConvoSynth.Models.Quota;

/// <summary>
/// The circuit of an account, from the outcomes that all its holders report. Open, it lets nothing pass; after the break, one holder sends
/// one request, and the first outcome decides. Not thread-safe.
/// </summary>
/// <remarks>A breaker of Polly counts the executions of its own process; here outcomes arrive as totals of several.</remarks>
public sealed class AccountCircuit
{
    // A holder whose trial request runs says so every second; after this silence another holder may try.
    private const double TrialSeconds = 5;

    // How soon a holder that may not try asks again.
    private const double Soon = 1;

    // The difference of two clocks' roundings.
    private const double Rounding = 0.001;

    private readonly CircuitOptions _options;
    private readonly Queue<(double At, long Answered, long Failed)> _window = new();
    private (long Answered, long Failed) _sum;
    private double? _openUntil;
    private (string Holder, double Until)? _trial;

    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public AccountCircuit(CircuitOptions options)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        _options = options;
    }

    /// <summary>Counts outcomes since the last report. Outcomes of requests from before an opening say nothing while it is open.</summary>
    public void Count(long answered, long failed, double now)
    {
        if (answered + failed == 0)
            return;
        if (_openUntil is { } until)
        {
            if (now < until - Rounding)
                return;
            if (answered > 0)
                Close();
            else
                Open(now);
            return;
        }

        _window.Enqueue((now, answered, failed));
        _sum = (_sum.Answered + answered, _sum.Failed + failed);
        while (_window.Peek().At < now - _options.Window.TotalSeconds)
        {
            var old = _window.Dequeue();
            _sum = (_sum.Answered - old.Answered, _sum.Failed - old.Failed);
        }

        var all = _sum.Answered + _sum.Failed;
        if (failed > 0 && all >= _options.LeastRequests && _sum.Failed >= _options.FailureRatio * all)
            Open(now);
    }

    /// <summary>The state as a holder may use it.</summary>
    public (CircuitState State, double OpenFor) For(string holder, TrialState trial, double now)
    {
        if (_openUntil is not { } until)
            return (CircuitState.Closed, 0);
        if (now < until - Rounding)
            return (CircuitState.Open, until - now);
        if (_trial is { } running && running.Until > now && (running.Holder != holder || trial == TrialState.Running))
        {
            if (running.Holder == holder)
                _trial = (holder, now + TrialSeconds);
            return (CircuitState.Open, Soon);
        }

        _trial = trial == TrialState.None ? null : (holder, now + TrialSeconds);
        return (trial == TrialState.Wanted ? CircuitState.Trial : CircuitState.Open, trial == TrialState.Running ? Soon : 0);
    }

    private void Open(double now)
    {
        (_openUntil, _trial, _sum) = (now + _options.Break.TotalSeconds, null, default);
        _window.Clear();
    }

    private void Close() => (_openUntil, _trial) = (null, null);
}
