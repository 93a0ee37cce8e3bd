using System.Runtime.CompilerServices;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Delivers calls to activations, and owns the parts that this takes.</summary>
internal sealed class ClusterRuntime : IDisposable
{
    private readonly ActivationCollector _collector;
    private readonly ConditionalWeakTable<GrainReference, CallTarget> _lastTargets = [];
    private long _serial;
    private bool _stopping;
    private bool _stopped;

    public ClusterRuntime(ClusterOptions options, Action<IServiceCollection> services)
    {
        Options = options;
        Log = new RuntimeLog(NullLogger.Instance);
        Housekeeping = new Housekeeping(options, Log);
        Deadlines = new ResponseDeadlines(options.Time, options.ResponseTimeoutResolution, Housekeeping, TimedOut);
        Directory = new ActivationDirectory(this);
        Client = new ClusterClient(this);
        References = new GrainReferences(this);
        Silos = new Silos(this, services);
        _collector = new ActivationCollector(this);
    }

    public ClusterOptions Options { get; }

    public TimeProvider Time => Options.Time;

    public IClusterClient Client { get; }

    public RuntimeLog Log { get; }

    public Housekeeping Housekeeping { get; }

    public ResponseDeadlines Deadlines { get; }

    public ActivationDirectory Directory { get; }

    public GrainReferences References { get; }

    public Silos Silos { get; }

    public long NextSerial() => ++_serial;

    public void Send(GrainCall call)
    {
        if (_stopped)
        {
            call.Reject(new SiloUnavailableException($"{call} was refused: the cluster has stopped."));
            return;
        }

        call.SentAt = Time.GetTimestamp();
        call.Deadline = call.IsOneWay ? long.MaxValue : Clock.After(Time, call.SentAt, call.ResponseTimeout);
        if (call.Deadline != long.MaxValue)
            Deadlines.Add(call);
        call.Cancellation?.Watch();
        if (Options.CallFates is { } fates)
            Meet(call, fates.FateOf(call.Sender?.GrainId, call.Target.GrainId, call.Method), fates);
        else
            Dispatch(call);
    }

    public void Dispatch(GrainCall call)
    {
        if (!_lastTargets.TryGetValue(call.Target, out var target) || !target.TryEnqueue(call))
            DispatchAnew(call);
    }

    /// <summary>Runs an action later, on a separate turn: the clock's thread must not run a grain's code.</summary>
    public void After(TimeSpan wait, Action action)
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
                Housekeeping.Post(() =>
                {
                    timer!.Dispose();
                    action();
                }),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Ends all activations in the order of their creation. Meanwhile remaining activations serve calls, and no grain is activated. If
    /// the stop takes too long, callers that still wait get an error.
    /// </summary>
    /// <returns>Number of activations that did not end in time.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = Time.CreateTimer(_ => limit.Cancel(), null, Options.StopTimeout, Timeout.InfiniteTimeSpan);
        var activations = Directory.Activations(_ => true);
        foreach (var activation in activations)
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The cluster stops."), cancellationToken);
        try
        {
            await Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Log.StopIncomplete(activations.Count(activation => !activation.HasEnded));
        }

        _stopped = true;
        Deadlines.ExpireAll();
        await Housekeeping.DoneAsync();
        return activations.Count(activation => !activation.HasEnded);
    }

    public void Dispose()
    {
        _stopping = _stopped = true;
        _collector.Dispose();
        Deadlines.Dispose();
        Silos.Dispose();
    }

    private void Meet(GrainCall call, CallFate fate, ICallFates fates)
    {
        if (fate == CallFate.LoseRequest)
            return;
        if (fate == CallFate.DeliverLate)
        {
            After(fates.Lateness(), () => Dispatch(call));
            return;
        }

        call.LosesResponse = fate == CallFate.LoseResponse;
        var copy = fate == CallFate.DeliverTwice ? call.Copy() : null;
        Dispatch(call);
        if (copy is not null)
            Dispatch(copy);
    }

    private void DispatchAnew(GrainCall call)
    {
        var reference = call.Target;
        var grainClass = References.ClassOf(reference.GrainId.Type);
        // A call in flight may outlive its sender's silo.
        var caller = call.Sender is { Silo: { IsDead: false } silo } ? silo : Silos[0];
        while (true)
        {
            var target = Directory.Find(reference.GrainId, grainClass, caller);
            if (target is null)
            {
                if (_stopping)
                {
                    call.Reject(new SiloUnavailableException($"{call} was refused: the cluster stops and activates no grain any more."));
                    return;
                }

                target = Directory.Add(reference.GrainId, grainClass, caller);
                _collector.Watch();
            }

            if (target.TryEnqueue(call))
            {
                _lastTargets.AddOrUpdate(reference, target);
                return;
            }

            // It has ended and is about to leave the directory; the first caller to notice may remove it.
            Directory.Remove(reference.GrainId, target);
        }
    }

    private void TimedOut(GrainCall call) =>
        call.TryFail(
            _stopped
                ? new SiloUnavailableException($"{call} got no response before the cluster stopped.")
                : new TimeoutException($"Response did not arrive on time in {call.ResponseTimeout} for message: {call}.")
        );
}
