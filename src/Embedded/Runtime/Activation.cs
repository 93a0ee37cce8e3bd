using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>
/// One activation of a grain. Everything but the posting of turns happens on its own turns, one at a time, so its state needs no lock;
/// what other threads read is volatile.
/// </summary>
internal sealed partial class Activation : CallTarget, IGrainContext, ITurnOwner
{
    private readonly TurnQueue _turns;
    private readonly StatelessWorkers? _pool;
    private AsyncServiceScope? _scope;
    private TaskCompletionSource? _deactivated;
    private int _load;
    private long _lastUsed;
    private long _keepUntil;
    private volatile Stage _stage;

    public Activation(GrainRuntime runtime, GrainClass grainClass, GrainId id, StatelessWorkers? pool)
    {
        Runtime = runtime;
        Class = grainClass;
        GrainId = id;
        _pool = pool;
        Serial = runtime.NextSerial();
        _lastUsed = runtime.Time.GetTimestamp();
        _turns = new TurnQueue(this, runtime.Options, runtime.Log);
    }

    private enum Stage
    {
        New,

        /// <summary>Constructing, and in OnActivateAsync; requests wait.</summary>
        Activating,
        Active,

        /// <summary>Running requests finish; others wait.</summary>
        Deactivating,

        /// <summary>In OnDeactivateAsync; requests wait.</summary>
        Ending,
        Ended,
    }

    public GrainRuntime Runtime { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public long Serial { get; }

    public object? GrainInstance { get; private set; }

    /// <summary>A scope is made when it is first asked for: most grains take nothing from it.</summary>
    public IServiceProvider ActivationServices => (_scope ??= Runtime.ServiceProvider.CreateAsyncScope()).ServiceProvider;

    public Task Deactivated
    {
        get
        {
            if (_deactivated is null)
                Interlocked.CompareExchange(ref _deactivated, new TaskCompletionSource(), null);
            // Read after the source is visible: either this sees the end, or the end sees the source.
            if (_stage == Stage.Ended)
                _deactivated.TrySetResult();
            return _deactivated.Task;
        }
    }

    public bool HasEnded => _stage == Stage.Ended;

    /// <summary>Requests that wait or run, without ticks that keep nothing alive.</summary>
    public int Load => Volatile.Read(ref _load);

    public override bool TryEnqueue(Request request)
    {
        if (!request.KeepsAlive)
            return _turns.TryPost(request);
        Interlocked.Increment(ref _load);
        if (request is GrainCall call)
            Volatile.Write(ref _lastUsed, call.SentAt);
        if (_turns.TryPost(request))
            return true;
        Interlocked.Decrement(ref _load);
        return false;
    }

    public void Post(ActivationEvent runtimeEvent) => _turns.Post(runtimeEvent);

    public override void AddActivationsTo(List<Activation> activations) => activations.Add(this);

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        if (timeSpan < TimeSpan.Zero && timeSpan != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeSpan), timeSpan, "A delay of deactivation is zero, positive or infinite.");
        var until = timeSpan == TimeSpan.Zero ? 0 : Clock.After(Runtime.Time, Runtime.Time.GetTimestamp(), timeSpan);
        Volatile.Write(ref _keepUntil, until);
    }

    /// <summary>Whether nothing was asked of it for <paramref name="age"/>, and nothing holds it.</summary>
    public bool IsIdle(long now, TimeSpan age) =>
        _stage == Stage.Active && Load == 0 && Volatile.Read(ref _keepUntil) <= now
        && Clock.After(Runtime.Time, Volatile.Read(ref _lastUsed), age) <= now;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Serial.GetHashCode();

    public override string ToString() => $"{GrainId}#{Serial}";
}
