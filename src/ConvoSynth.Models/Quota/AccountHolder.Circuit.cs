using ConvoSynth.Models.Telemetry;

namespace ConvoSynth.Models.Quota;

/// <summary>Whether a request may be sent.</summary>
internal enum CircuitPass
{
    No,
    Yes,

    /// <summary>Yes, as the request that decides whether a half-open circuit closes.</summary>
    Trial,
}

/// <content>The account's circuit, as the owner last described it.</content>
public sealed partial class AccountHolder
{
    // The answer on its way may be to a call from before the request, and the next may be lost.
    private const int MaxAnswers = 3;

    private CircuitState _circuit;
    private double _openUntil;
    private TrialState _trial;
    private long _answered;
    private long _failed;
    private bool _hasNews;
    private string _reason = "";
    private TaskCompletionSource? _answer;
    private bool _isOpenShown;

    // A lease may arrive after the end, and must not show a circuit that nothing would close.
    private bool _isGone;

    /// <summary>Asks to send a request. Where the owner does not answer in time, an open circuit stays open.</summary>
    internal async ValueTask<CircuitPass> Pass()
    {
        for (var answers = 0; answers < MaxAnswers; answers++)
        {
            Task answer;
            lock (_lock)
            {
                if (Known(Now) is { } pass)
                {
                    if (double.IsFinite(_calledAt) || pass != CircuitPass.Yes)
                        return pass;
                    // The owner counts outcomes from a holder's first call on.
                    _hasNews = true;
                    answer = Task.CompletedTask;
                }
                else
                {
                    (_trial, _hasNews) = (TrialState.Wanted, true);
                    answer = (_answer ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
            }

            Serve();
            await answer;
        }

        lock (_lock)
        {
            if (_trial == TrialState.Wanted)
                _trial = TrialState.None;
        }

        return CircuitPass.No;
    }

    /// <summary>Counts how a request ended.</summary>
    /// <param name="isAnswer">Whether it shows that the server is there; null if it shows nothing.</param>
    /// <param name="reason">Why it failed.</param>
    internal void Ended(CircuitPass pass, bool? isAnswer, string reason = "")
    {
        lock (_lock)
        {
            if (isAnswer == true)
                _answered++;
            if (isAnswer == false)
                (_failed, _reason) = (_failed + 1, reason);
            if (pass == CircuitPass.Trial)
                _trial = TrialState.None;
            // Failures are told at once, so that a circuit opens in time.
            if (pass != CircuitPass.Trial && isAnswer != false)
                return;
            _hasNews = true;
        }

        Serve();
    }

    /// <summary>Null if only the owner knows.</summary>
    private CircuitPass? Known(double now)
    {
        if (_circuit == CircuitState.Closed)
            return CircuitPass.Yes;
        if (_circuit == CircuitState.Trial && _trial == TrialState.Wanted)
        {
            (_circuit, _openUntil, _trial) = (CircuitState.Open, now, TrialState.Running);
            return CircuitPass.Trial;
        }

        return _trial == TrialState.Running || now < _openUntil ? CircuitPass.No : null;
    }

    private void See(Lease lease, double now)
    {
        if (_circuit == CircuitState.Closed && lease.Circuit != CircuitState.Closed)
            Opened(_logger, _account, _reason.Length > 0 ? _reason : "other processes found so", lease.OpenFor.TotalSeconds);
        else if (_circuit != CircuitState.Closed && lease.Circuit == CircuitState.Closed)
            Closed(_logger, _account);
        (_circuit, _openUntil) = (lease.Circuit, now + lease.OpenFor.TotalSeconds);
        Show(isOpen: _circuit != CircuitState.Closed);
        if (_circuit == CircuitState.Closed && _trial == TrialState.Wanted)
            _trial = TrialState.None;
    }

    private void Show(bool isOpen)
    {
        if (isOpen == _isOpenShown || _isGone)
            return;
        _isOpenShown = isOpen;
        ModelInstruments.Opens(_account, isOpen ? 1 : -1);
    }

    private void EndWaitForAnswer()
    {
        _answer?.TrySetResult();
        _answer = null;
    }
}
