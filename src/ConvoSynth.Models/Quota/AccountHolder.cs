using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Telemetry;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Quota;

/// <summary>
/// What a process holds of an account. A request takes its prompt and its maximum answer before it is sent, as the server charges them. It
/// returns the rest when the answer arrives. Waiting requests are served in order of arrival, so that small ones cannot starve a large one.
/// A server whose bucket overflowed during a stall has less quota than this class counted. Its refusals report the shortfall, which is
/// written off.
/// </summary>
public sealed partial class AccountHolder : IQuota, IDisposable
{
    // The pause after a refusal without a Retry-After.
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(0.5);

    // Limits are per minute, so no bucket lacks more than a minute's refill. A longer Retry-After means an outage, which the retry
    // handles.
    private const double LongestLack = 60;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly string _name;
    private readonly string _account;
    private readonly AccountLimits _limits;
    private readonly IAccountLeases _leases;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly int _requestBlock;
    private readonly long _tokenBlock;
    private readonly long _tokenCapacity;
    private readonly double _pause;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private long _requests;
    private long _tokens;
    private double _writtenOffUntil;
    private int _inFlight;

    // Requests that are sent under a lease end with it.
    private CancellationTokenSource _leaseEnd = new();

    public AccountHolder(HeldAccount held, IAccountLeases leases, QuotaOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        (_name, _account, _limits, _leases, _logger) = (held.Holder, held.Account, held.Limits, leases, logger);
        _requestBlock = Of(_limits.RequestsPerMinute, options.BlockSeconds, int.MaxValue);
        _tokenBlock = Of(_limits.TokensPerMinute, options.BlockSeconds, int.MaxValue);
        _tokenCapacity = Of(_limits.TokensPerMinute, options.CapacitySeconds / 2, int.MaxValue);
        _pause = options.BlockSeconds;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(
            static holder => ((AccountHolder)holder!).Rang(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        ModelInstruments.Waits(_account, 0);
        ModelInstruments.Opens(_account, 0);
    }

    /// <summary>The number of requests that wait for quota or a permit.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiters.Count;
        }
    }

    private double Now => _time.GetElapsedTime(_start).TotalSeconds;

    public ValueTask<IQuotaUse> Take(int inputTokens, int outputTokens, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter((long)inputTokens + outputTokens);
        lock (_lock)
            _waiters.AddLast(waiter.Place);
        Serve();
        return waiter.Task.IsCompletedSuccessfully ? new(waiter.Task.Result) : Wait(waiter, cancellationToken);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Show(isOpen: false);
            _isGone = true;
        }

        _stop.Cancel();
        _timer.Dispose();
        _stop.Dispose();
        _leaseEnd.Dispose();
    }

    private async ValueTask<IQuotaUse> Wait(Waiter waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (holder, waiter) = ((AccountHolder, Waiter))state!;
                lock (holder._lock)
                {
                    if (waiter.Place.List is null)
                        return; // It has been served.
                    holder._waiters.Remove(waiter.Place);
                }

                waiter.TrySetCanceled(token);
                holder.Serve();
            },
            (this, waiter)
        );
        ModelInstruments.Waits(_account, 1);
        try
        {
            return await waiter.Task;
        }
        finally
        {
            ModelInstruments.Waits(_account, -1);
        }
    }

    // Serves what fits, and calls the owner where that is due. A call that is answered at once may serve more.
    private void Serve()
    {
        while (true)
        {
            List<(Waiter Waiter, Use Use)>? served = null;
            CancellationTokenSource? ended;
            LeaseCall? call;
            lock (_lock)
            {
                var now = Now;
                ended = EndLease(now);
                while (_waiters.First is { } first && Fits(first.Value))
                {
                    _waiters.RemoveFirst();
                    _requests--;
                    _tokens -= first.Value.Tokens;
                    _inFlight++;
                    (served ??= []).Add((first.Value, new(this, first.Value.Tokens, MayEnd ? _leaseEnd.Token : default)));
                }

                call = NextCall(now);
            }

            foreach (var (waiter, use) in served ?? [])
                waiter.TrySetResult(use);
            ended?.Cancel();
            if (call is null || !Ask(call))
                return;
        }
    }

    // Only a limit on requests in flight gives reason to abandon any.
    private bool MayEnd => _limits.InFlight is not null && _leases.Times.End;

    private bool HasRoom => _limits.InFlight is null || _inFlight < _permits;

    private bool Fits(Waiter waiter) =>
        HasRoom && (_limits.RequestsPerMinute is null || _requests >= 1) && (_limits.TokensPerMinute is null || _tokens >= waiter.Tokens);

    // The need of the first waiting request, and up to a block for those behind it.
    private (int Requests, long Tokens) Wanted()
    {
        // A holder without a permit asks for both at once.
        if (_waiters.First is not { } first || (!HasRoom && _permits > 0))
            return default;
        var requests = _limits.RequestsPerMinute is null ? 0 : Math.Max(1, Math.Min(_waiters.Count, _requestBlock)) - _requests;
        var tokens = 0L;
        if (_limits.TokensPerMinute is not null)
        {
            foreach (var waiter in _waiters)
            {
                if (tokens > 0 && tokens + waiter.Tokens > _tokenBlock)
                    break;
                tokens += waiter.Tokens;
            }

            tokens = Math.Max(first.Value.Tokens, tokens) - _tokens;
        }

        return ((int)Math.Max(0, requests), Math.Max(0, tokens));
    }

    private void Settle(long tokens)
    {
        lock (_lock)
        {
            // Keeps no more than the server's own bucket would hold, and never forgives a debt.
            if (_limits.TokensPerMinute is not null)
                _tokens = Math.Min(_tokens + tokens, Math.Max(_tokens, _tokenCapacity + (_waiters.First?.Value.Tokens ?? 0)));
        }

        Serve();
    }

    // The refill until then already belongs to the server. Simultaneous refusals report the same shortfall, so each moment is written off
    // once.
    private void WriteOff(TimeSpan wait)
    {
        lock (_lock)
        {
            var now = Now;
            var until = now + Math.Min(wait.TotalSeconds, LongestLack);
            var seconds = until - Math.Max(now, _writtenOffUntil);
            if (seconds <= 0)
                return;
            _writtenOffUntil = until;
            if (_limits.RequestsPerMinute is { } requests)
                _requests -= (int)Math.Ceiling(requests / 60.0 * seconds);
            if (_limits.TokensPerMinute is { } tokens)
                _tokens -= (long)Math.Ceiling(tokens / 60.0 * seconds);
        }
    }

    private void Release()
    {
        lock (_lock)
            _inFlight--;
        Serve();
    }

    private static int Of(double? perMinute, double seconds, int most) =>
        perMinute is { } rate ? (int)Math.Clamp(rate / 60 * seconds, 1, most) : 0;
}
