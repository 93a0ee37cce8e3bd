using ConvoSynth.Simulation.Runtime.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>One activation of a grain. Everything except the posting of turns happens on its own turns, one at a time.</summary>
internal sealed partial class Activation : CallTarget, IGrainContext, ITurnOwner
{
    private readonly TurnQueue _turns;
    private readonly StatelessWorkers? _pool;
    private readonly TaskCompletionSource _deactivated = new();
    private AsyncServiceScope? _scope;
    private long _lastUsed;
    private long _keepUntil;
    private Stage _stage;

    public Activation(ClusterRuntime runtime, GrainClass grainClass, GrainId id, Silo silo, StatelessWorkers? pool)
    {
        (Runtime, Class, GrainId, Silo, _pool) = (runtime, grainClass, id, silo, pool);
        Serial = runtime.NextSerial();
        _lastUsed = runtime.Time.GetTimestamp();
        _turns = new TurnQueue(this, runtime.Options, runtime.Log);
    }

    private enum Stage
    {
        New,

        /// <summary>In the constructor or OnActivateAsync; requests wait.</summary>
        Activating,
        Active,

        /// <summary>Running requests finish; others wait.</summary>
        Deactivating,

        /// <summary>In OnDeactivateAsync; requests wait.</summary>
        Ending,
        Ended,
    }

    public ClusterRuntime Runtime { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public Silo Silo { get; }

    public long Serial { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => (_scope ??= Silo.Services.CreateAsyncScope()).ServiceProvider;

    public Task Deactivated => _deactivated.Task;

    public bool HasEnded => _stage == Stage.Ended;

    /// <summary>Requests that wait or run, except timer ticks without KeepAlive.</summary>
    public int Load { get; private set; }

    private TimeSpan Age => Class.CollectionAge ?? Runtime.Options.CollectionAge;

    public override bool TryEnqueue(Request request)
    {
        // A call to a dead silo is lost until the death is known.
        if (Silo.IsDead)
            return !Silo.DeathIsKnown;
        if (!_turns.TryPost(request))
            return false;
        if (request.KeepsAlive)
            Load++;
        if (request is GrainCall call)
            _lastUsed = call.SentAt;
        return true;
    }

    public void Post(ActivationEvent runtimeEvent) => _turns.Post(runtimeEvent);

    public override void AddActivationsTo(List<Activation> activations) => activations.Add(this);

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        if (timeSpan < TimeSpan.Zero && timeSpan != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeSpan), timeSpan, "A delay of deactivation is zero, positive or infinite.");
        _keepUntil = timeSpan == TimeSpan.Zero ? 0 : Clock.After(Runtime.Time, Runtime.Time.GetTimestamp(), timeSpan);
    }

    /// <summary>Whether it was unused for its collection age and nothing keeps it alive.</summary>
    public bool IsIdle(long now) =>
        _stage == Stage.Active && Load == 0 && _keepUntil <= now && Clock.After(Runtime.Time, _lastUsed, Age) <= now;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Serial.GetHashCode();

    public override string ToString() => $"{GrainId}#{Serial}";
}
