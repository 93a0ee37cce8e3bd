using ConvoSynth.Core;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models;

/// <summary>
/// A process's share of an endpoint's quota. A request takes its prompt and its maximum answer before it is sent, as the server charges
/// them. It returns the rest when the answer arrives. Waiting requests are served in order of arrival, so that small ones cannot starve a
/// large one. A server whose bucket overflowed during a stall has less quota than this class counted. Its refusals report the shortfall,
/// which is written off.
/// </summary>
public sealed partial class TokenBucketQuota : IQuota, IDisposable
{
    // The lease failed: the quota's owner is away for the moment.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    // The pause after a refusal without a Retry-After.
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(0.5);

    // Limits are per minute, so no bucket lacks more than a minute's refill. A longer Retry-After means an outage, which the retry
    // handles.
    private const double LongestLack = 60;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly EndpointSpec _spec;
    private readonly IQuotaLeases _leases;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly bool _isLeased;
    private readonly int _requestBlock;
    private readonly long _tokenBlock;
    private readonly long _tokenCapacity;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private long _requests;
    private long _tokens;
    private double _writtenOffUntil;
    private int _inFlight;
    private bool _isAsking;

    public TokenBucketQuota(EndpointSpec spec, IQuotaLeases leases, QuotaOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        _spec = spec;
        _leases = leases;
        _logger = logger;
        _isLeased = spec.RequestsPerMinute is not null || spec.TokensPerMinute is not null;
        _requestBlock = Of(spec.RequestsPerMinute, options.BlockSeconds, int.MaxValue);
        _tokenBlock = Of(spec.TokensPerMinute, options.BlockSeconds, int.MaxValue);
        _tokenCapacity = Of(spec.TokensPerMinute, options.CapacitySeconds / 2, int.MaxValue);
        _pause = TimeSpan.FromSeconds(options.BlockSeconds);
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(
            static quota => ((TokenBucketQuota)quota!).AskedAgain(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>The number of requests that wait for quota.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiters.Count;
        }
    }

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
        _stop.Cancel();
        _timer.Dispose();
        _stop.Dispose();
    }

    private async ValueTask<IQuotaUse> Wait(Waiter waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (quota, waiter) = ((TokenBucketQuota, Waiter))state!;
                lock (quota._lock)
                {
                    if (waiter.Place.List is null)
                        return; // It has been served.
                    quota._waiters.Remove(waiter.Place);
                }

                waiter.TrySetCanceled(token);
                quota.Serve();
            },
            (this, waiter)
        );
        return await waiter.Task;
    }

    private void Serve()
    {
        while (true)
        {
            List<(Waiter Waiter, Use Use)>? served = null;
            var ask = (Requests: 0, Tokens: 0L);
            lock (_lock)
            {
                while (_waiters.First is { } first && Fits(first.Value))
                {
                    _waiters.RemoveFirst();
                    _requests--;
                    _tokens -= first.Value.Tokens;
                    _inFlight++;
                    (served ??= []).Add((first.Value, new(this, first.Value.Tokens)));
                }

                if (_waiters.First is { } next && _isLeased && !_isAsking && HasRoom)
                {
                    ask = Wanted(next.Value);
                    _isAsking = ask != default;
                }
            }

            foreach (var (waiter, use) in served ?? [])
                waiter.TrySetResult(use);
            if (ask == default || !Ask(ask.Requests, ask.Tokens))
                return;
        }
    }

    private bool HasRoom => _spec.InFlight is not { } limit || _inFlight < limit;

    private bool Fits(Waiter waiter) =>
        HasRoom && (_spec.RequestsPerMinute is null || _requests >= 1) && (_spec.TokensPerMinute is null || _tokens >= waiter.Tokens);

    // The need of the first waiting request, and up to a block for those behind it.
    private (int Requests, long Tokens) Wanted(Waiter first)
    {
        var requests = _spec.RequestsPerMinute is null ? 0 : Math.Max(1, Math.Min(_waiters.Count, _requestBlock)) - _requests;
        var tokens = 0L;
        if (_spec.TokensPerMinute is not null)
        {
            foreach (var waiter in _waiters)
            {
                if (tokens > 0 && tokens + waiter.Tokens > _tokenBlock)
                    break;
                tokens += waiter.Tokens;
            }

            tokens = Math.Max(first.Tokens, tokens) - _tokens;
        }

        return ((int)Math.Max(0, requests), Math.Max(0, tokens));
    }

    /// <summary>Leases quota. True if the whole lease was granted synchronously.</summary>
    private bool Ask(int requests, long tokens)
    {
        ValueTask<QuotaBlock> lease;
        try
        {
            lease = _leases.Lease(_spec.Name, requests, tokens, _stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            lease = ValueTask.FromException<QuotaBlock>(e);
        }

        if (lease.IsCompletedSuccessfully)
            return Granted(lease.Result, requests, tokens);

        // Not awaited: the caller may be a grain, and its turn must not block on quota for others.
        _ = lease
            .AsTask()
            .ContinueWith(
                (task, _) =>
                {
                    if (task.IsCompletedSuccessfully)
                    {
                        if (Granted(task.Result, requests, tokens))
                            Serve();
                        return;
                    }

                    if (_stop.IsCancellationRequested)
                        return;
                    LeaseFailed(_logger, _spec.Name, task.Exception?.GetBaseException().GetType().Name ?? "cancelled");
                    _timer.Change(AfterFailure, Timeout.InfiniteTimeSpan);
                },
                null,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        return false;
    }

    private bool Granted(QuotaBlock block, int requests, long tokens)
    {
        var isAll = block.Requests >= requests && block.Tokens >= tokens;
        lock (_lock)
        {
            _requests += block.Requests;
            _tokens += block.Tokens;
            _isAsking = !isAll; // If part is missing, the timer asks again.
        }

        if (isAll)
            return true;

        // Settled quota may reduce the need meanwhile, so no pause is longer than a block.
        if (!_stop.IsCancellationRequested)
            _timer.Change(block.AskAgain < _pause ? block.AskAgain : _pause, Timeout.InfiniteTimeSpan);
        if (block.Requests > 0 || block.Tokens > 0)
            Serve();
        return false;
    }

    private void AskedAgain()
    {
        lock (_lock)
            _isAsking = false;
        Serve();
    }

    private void Settle(long tokens)
    {
        lock (_lock)
        {
            // Keeps no more than the server's own bucket would hold, and never forgives a debt.
            if (_spec.TokensPerMinute is not null)
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
            var now = _time.GetElapsedTime(_start).TotalSeconds;
            var until = now + Math.Min(wait.TotalSeconds, LongestLack);
            var seconds = until - Math.Max(now, _writtenOffUntil);
            if (seconds <= 0)
                return;
            _writtenOffUntil = until;
            if (_spec.RequestsPerMinute is { } requests)
                _requests -= (int)Math.Ceiling(requests / 60 * seconds);
            if (_spec.TokensPerMinute is { } tokens)
                _tokens -= (long)Math.Ceiling(tokens / 60 * seconds);
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

    private sealed class Waiter : TaskCompletionSource<IQuotaUse>
    {
        public Waiter(long tokens)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Tokens = tokens;
            Place = new(this);
        }

        public long Tokens { get; }

        public LinkedListNode<Waiter> Place { get; }
    }

    private sealed class Use(TokenBucketQuota quota, long taken) : IQuotaUse
    {
        private int _isSettled;
        private int _isDisposed;

        public void Settle(Usage usage)
        {
            if (Interlocked.Exchange(ref _isSettled, 1) == 0)
                quota.Settle(taken - usage.InputTokens - usage.OutputTokens);
        }

        public void Refused(TimeSpan? retryAfter)
        {
            // Write off first, so that the settled quota is not handed out at once.
            if (Volatile.Read(ref _isSettled) == 0)
                quota.WriteOff(retryAfter ?? Unsaid);
            Settle(Usage.None);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                quota.Release();
        }
    }
}
