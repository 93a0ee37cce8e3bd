namespace ConvoSynth.Embedded.Runtime;

/// <summary>
/// The calls whose callers wait, so that each can time out. One timer serves them all: it is armed for the earliest deadline,
/// at most once in a resolution, and not at all while no call is out. A call costs two short locks and no timer of its own.
/// </summary>
internal sealed class ResponseDeadlines : IDisposable
{
    private const int StripeCount = 16;
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly TimeSpan _resolution;
    private readonly Housekeeping _housekeeping;
    private readonly Action<GrainCall> _expired;
    private readonly Stripe[] _stripes;
    private readonly Lock _timerGate = new();
    private readonly ITimer _timer;
    private long _nextScan = Never;

    public ResponseDeadlines(TimeProvider time, TimeSpan resolution, Housekeeping housekeeping, Action<GrainCall> expired)
    {
        _time = time;
        _resolution = resolution;
        _housekeeping = housekeeping;
        _expired = expired;
        _stripes = new Stripe[StripeCount];
        for (var i = 0; i < StripeCount; i++)
            _stripes[i] = new Stripe();
        _timer = time.CreateTimer(
            static state => ((ResponseDeadlines)state!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls of one thread share a stripe, so threads seldom meet, and calls of a single thread expire in the order of sending.</summary>
    public void Add(GrainCall call)
    {
        var stripe = _stripes[Environment.CurrentManagedThreadId & (StripeCount - 1)];
        lock (stripe.Gate)
        {
            call.Stripe = stripe;
            call.Previous = stripe.Last;
            if (stripe.Last is null)
                stripe.First = call;
            else
                stripe.Last.Next = call;
            stripe.Last = call;
        }

        if (call.Deadline < Volatile.Read(ref _nextScan))
            Arm(call.Deadline);
    }

    public static void Remove(GrainCall call)
    {
        if (call.Stripe is not { } stripe)
            return;
        lock (stripe.Gate)
            stripe.Unlink(call);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Ends every call that is out; the process stops.</summary>
    public void ExpireAll() => _housekeeping.Post(() => Expire(Never));

    private void Due() => _housekeeping.Post(Scan);

    private void Scan()
    {
        lock (_timerGate)
            Volatile.Write(ref _nextScan, Never);
        var earliest = Expire(_time.GetTimestamp());
        if (earliest != Never)
            Arm(earliest);
    }

    /// <summary>Expires what is due at <paramref name="now"/>; returns the earliest deadline left.</summary>
    private long Expire(long now)
    {
        var earliest = Never;
        List<GrainCall>? due = null;
        foreach (var stripe in _stripes)
        {
            lock (stripe.Gate)
            {
                for (var call = stripe.First; call is not null;)
                {
                    var next = call.Next;
                    if (call.Deadline <= now)
                    {
                        stripe.Unlink(call);
                        (due ??= []).Add(call);
                    }
                    else
                    {
                        earliest = Math.Min(earliest, call.Deadline);
                    }

                    call = next;
                }
            }
        }

        foreach (var call in due ?? [])
            _expired(call);
        return earliest;
    }

    private void Arm(long deadline)
    {
        lock (_timerGate)
        {
            var now = _time.GetTimestamp();
            var wait = deadline > now ? _time.GetElapsedTime(now, deadline) : TimeSpan.Zero;
            if (wait < _resolution)
                wait = _resolution;
            var scan = Clock.After(_time, now, wait);
            if (scan >= _nextScan)
                return;
            Volatile.Write(ref _nextScan, scan);
            // A timer counts whole milliseconds: rounded up, so that the scan does not come just before the deadline.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A part of the calls, in a doubly linked list through the calls themselves.</summary>
    internal sealed class Stripe
    {
        public readonly Lock Gate = new();
        public GrainCall? First;
        public GrainCall? Last;

        public void Unlink(GrainCall call)
        {
            if (call.Stripe != this)
                return;
            if (call.Previous is null)
                First = call.Next;
            else
                call.Previous.Next = call.Next;
            if (call.Next is null)
                Last = call.Previous;
            else
                call.Next.Previous = call.Previous;
            call.Next = call.Previous = null;
            call.Stripe = null;
        }
    }
}
