using ConvoSynth.Embedded.Scheduling;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>Brings calls to activations, and everything it takes together.</summary>
internal sealed class GrainRuntime : IClusterClient, IDisposable
{
    private readonly ActivationCollector _collector;
    private long _serial;
    private volatile bool _stopping;
    private volatile bool _stopped;

    public GrainRuntime(EmbeddedGrainsOptions options, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        options.Validate();
        Options = options;
        ServiceProvider = services;
        Time = time;
        Log = new RuntimeLog(loggers.CreateLogger("ConvoSynth.Embedded"));
        Housekeeping = new Housekeeping(options, Log);
        Deadlines = new ResponseDeadlines(time, options.ResponseTimeoutResolution, Housekeeping, TimedOut);
        _collector = new ActivationCollector(this);
        References = new GrainReferences(this, GrainCatalog.Of(options.GrainAssemblies));
    }

    public EmbeddedGrainsOptions Options { get; }

    public IServiceProvider ServiceProvider { get; }

    public TimeProvider Time { get; }

    public RuntimeLog Log { get; }

    public Housekeeping Housekeeping { get; }

    public ResponseDeadlines Deadlines { get; }

    public ActivationDirectory Directory { get; } = new();

    public GrainReferences References { get; }

    public long NextSerial() => Interlocked.Increment(ref _serial);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)References.Create(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)References.Create(typeof(TGrainInterface), grainId);

    public void Send(GrainCall call)
    {
        if (_stopped)
        {
            call.Reject(new OrleansMessageRejectionException($"{call} was refused: the process has stopped its grains."));
            return;
        }

        call.SentAt = Time.GetTimestamp();
        call.Deadline = Clock.After(Time, call.SentAt, call.Method.ResponseTimeout);
        if (call.Deadline != long.MaxValue)
            Deadlines.Add(call);
        call.Cancellation?.Watch();
        if (Options.CallFates is null)
            Dispatch(call);
        else
            Meet(call, Options.CallFates.FateOf(call.Sender?.GrainId, call.Target.GrainId, $"{call.Target.InterfaceName}.{call.Method.Name}"));
    }

    public void Dispatch(GrainCall call)
    {
        if (call.Target.LastTarget is not { } target || !target.TryEnqueue(call))
            DispatchAnew(call);
    }

    /// <summary>
    /// Ends all activations in the order of their creation. While that goes on, calls to activations that are still there
    /// are served, and none is activated. At the end of the time that it takes at most, callers that still wait get an error.
    /// </summary>
    /// <returns>How many activations had not ended in time.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = Time.CreateTimer(_ => limit.Cancel(), null, Options.StopTimeout, Timeout.InfiniteTimeSpan);
        var activations = Directory.Activations(_ => true);
        foreach (var activation in activations)
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The process stops."), cancellationToken);
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
    }

    private void Meet(GrainCall call, CallFate fate)
    {
        if (fate == CallFate.LoseRequest)
            return;
        if (fate == CallFate.DeliverLate)
        {
            DispatchLate(call, Options.CallFates!.Lateness());
            return;
        }

        call.LosesResponse = fate == CallFate.LoseResponse;
        var copy = fate == CallFate.DeliverTwice ? call.Copy() : null;
        Dispatch(call);
        if (copy is not null)
            Dispatch(copy);
    }

    // On a turn of its own, as no thread of the clock may run a grain's code.
    private void DispatchLate(GrainCall call, TimeSpan lateness)
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(_ => Housekeeping.Post(() =>
        {
            timer!.Dispose();
            Dispatch(call);
        }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(lateness, Timeout.InfiniteTimeSpan);
    }

    private void DispatchAnew(GrainCall call)
    {
        var reference = call.Target;
        while (true)
        {
            var target = Directory.Find(reference.GrainId);
            if (target is null)
            {
                if (_stopping)
                {
                    call.Reject(new OrleansMessageRejectionException($"{call} was refused: the process stops and activates no grain any more."));
                    return;
                }

                target = Directory.GetOrAdd(reference);
                _collector.Watch();
            }

            if (target.TryEnqueue(call))
            {
                reference.LastTarget = target;
                return;
            }

            // It ended and is about to leave the directory by itself; whoever is first may take it out.
            Directory.Remove(reference.GrainId, target);
        }
    }

    private void TimedOut(GrainCall call) => call.TryFail(_stopped
        ? new OrleansMessageRejectionException($"{call} got no response before the process stopped.")
        : new TimeoutException($"Response did not arrive on time in {call.Method.ResponseTimeout} for message: {call}."));
}
