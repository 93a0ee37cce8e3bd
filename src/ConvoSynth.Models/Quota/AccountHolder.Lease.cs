namespace ConvoSynth.Models.Quota;

/// <content>The lease: when the owner is called, what it grants, and when that ends.</content>
public sealed partial class AccountHolder
{
    // A holder in use renews so often that three lost calls do not end its lease.
    private const double Renewal = 1;

    // The owner is away, or many permits are given back: the pause before the next call.
    private const double AfterFailure = 1;
    private const double BetweenReports = 0.1;

    // The resolution of timers.
    private const double ShortestRing = 0.001;

    private int _permits;
    private double _leasedUntil = double.NegativeInfinity;
    private long _number;
    private (long Number, double At)? _pending;
    private double _calledAt = double.NegativeInfinity;
    private double _askAt;
    private int _reportedPermits;
    private double _rings = double.PositiveInfinity;

    /// <summary>What ends now; null if the lease goes on or nothing may end.</summary>
    private CancellationTokenSource? EndLease(double now)
    {
        if (now < _leasedUntil || double.IsNegativeInfinity(_leasedUntil))
            return null;
        _leasedUntil = double.NegativeInfinity;
        (_permits, _requests, _tokens) = (0, Math.Min(_requests, 0), Math.Min(_tokens, 0));
        if (!MayEnd || _inFlight == 0)
            return null;
        Abandoned(_logger, _account, _inFlight);
        var ended = _leaseEnd;
        _leaseEnd = new();
        return ended;
    }

    /// <summary>The call that is due; null if none is. Arms the timer for the next moment at which one may be.</summary>
    private LeaseCall? NextCall(double now)
    {
        if (_stop.IsCancellationRequested)
            return null;
        var isInUse = _inFlight > 0 || _waiters.Count > 0 || _trial != TrialState.None;
        var next = _leasedUntil;
        if (double.IsNegativeInfinity(next))
            next = double.PositiveInfinity;
        if (_pending is { } pending && now < pending.At + _leases.Times.Late)
        {
            Ring(Math.Min(next, pending.At + _leases.Times.Late), now);
            return null;
        }

        if (_pending is not null)
        {
            (_pending, _hasNews) = (null, true);
            EndWaitForAnswer();
        }

        var wanted = Wanted();
        var renewal = _calledAt + Renewal;
        var due =
            wanted != default || _hasNews || (_waiters.Count > 0 && LacksPermits) ? _askAt
            : _reportedPermits > Math.Max(_permits, _inFlight) ? Math.Max(_askAt, _calledAt + BetweenReports)
            : double.PositiveInfinity;
        if (isInUse)
            due = Math.Min(due, renewal);
        if (now < due)
        {
            Ring(Math.Min(next, due), now);
            return null;
        }

        _pending = (++_number, now);
        _calledAt = now;
        _hasNews = false;
        _reportedPermits = Math.Max(_permits, _inFlight);
        Ring(Math.Min(next, now + _leases.Times.Late), now);
        return new(_name, _number, _limits)
        {
            Requests = wanted.Requests,
            Tokens = wanted.Tokens,
            HeldRequests = (int)Math.Max(0, _requests),
            Permits = _reportedPermits,
            Demand = _inFlight + _waiters.Count,
            Answered = _answered,
            Failed = _failed,
            Trial = _trial,
        };
    }

    private bool LacksPermits => _limits.InFlight is { } limit && _inFlight >= _permits && _permits < limit;

    // An earlier ring than needed costs a look at the clock; so the timer is set again only for an earlier moment.
    private void Ring(double at, double now)
    {
        if (at >= _rings || double.IsInfinity(at))
            return;
        _rings = at;
        _timer.Change(TimeSpan.FromSeconds(Math.Max(ShortestRing, at - now)), Timeout.InfiniteTimeSpan);
    }

    private void Rang()
    {
        lock (_lock)
            _rings = double.PositiveInfinity;
        Serve();
    }

    /// <summary>Calls the owner. True if the answer came at once.</summary>
    private bool Ask(LeaseCall call)
    {
        ValueTask<Lease> lease;
        try
        {
            lease = _leases.Lease(_account, call, _stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            lease = ValueTask.FromException<Lease>(e);
        }

        if (lease.IsCompletedSuccessfully)
        {
            Apply(call, lease.Result);
            return true;
        }

        // Not awaited: the caller may be a grain, and its turn must not block on quota for others.
        _ = lease
            .AsTask()
            .ContinueWith(
                (task, _) =>
                {
                    if (task.IsCompletedSuccessfully)
                        Apply(call, task.Result);
                    else
                        Failed(call, task.Exception?.GetBaseException().GetType().Name ?? "cancelled");
                    Serve();
                },
                null,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        return false;
    }

    private void Failed(LeaseCall call, string reason)
    {
        if (_stop.IsCancellationRequested)
            return;
        lock (_lock)
        {
            if (_pending?.Number != call.Number)
                return;
            (_pending, _askAt) = (null, Now + AfterFailure);
            // The owner may not have heard of it.
            _hasNews = true;
            EndWaitForAnswer();
        }

        LeaseFailed(_logger, _account, reason);
    }

    // Only the answer to the latest call counts: an earlier one may be of an owner that has a successor.
    private void Apply(LeaseCall call, Lease lease)
    {
        lock (_lock)
        {
            var now = Now;
            if (_pending is not { } pending || pending.Number != call.Number || now >= pending.At + _leases.Times.Late)
                return;
            _pending = null;
            _leasedUntil = pending.At + _leases.Times.Held;
            _permits = lease.Permits;
            _requests += lease.Requests;
            _tokens += lease.Tokens;
            var isPart = lease.Requests < call.Requests || lease.Tokens < call.Tokens;
            // Settled quota may reduce the need meanwhile, so no pause for quota is longer than a block.
            _askAt = now + (isPart ? Math.Min(lease.AskAgain.TotalSeconds, _pause) : lease.AskAgain.TotalSeconds);
            See(lease, now);
            EndWaitForAnswer();
        }
    }
}
