using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// The turns of one activation (or of the housekeeping), run one at a time in the order of posting. Turns are requests, runtime events
/// and continuations; continuations return here because this is also the task scheduler that awaits capture.
/// </summary>
internal sealed class TurnQueue(ITurnOwner owner, ClusterOptions options, RuntimeLog log) : TaskScheduler, IGrainWorkItem
{
    private readonly IGrainScheduler _scheduler = options.Scheduler;
    private readonly IPostObserver? _observer = options.PostObserver;

    // Only one thread may post. The observer reports any other, and the lock keeps the queue consistent until a test has read that
    // report.
    private readonly Lock _gate = new();
    private readonly Queue<object> _turns = new();
    private bool _scheduled;
    private bool _closed;
    private bool _discarded;

    public ITurnOwner Owner => owner;

    public GrainId GrainId => owner.GrainId;

    public long Serial => owner.Serial;

    public override int MaximumConcurrencyLevel => 1;

    /// <returns>False if the activation has ended and takes no more requests.</returns>
    public bool TryPost(Request request) => TryPost(request, null, evenIfClosed: false);

    /// <summary>Posts a runtime event, which even an ended activation runs.</summary>
    public void Post(object runtimeEvent) => TryPost(runtimeEvent, null, evenIfClosed: true);

    /// <summary>Refuses further requests, and returns the queued requests that have not run.</summary>
    public List<Request> Close()
    {
        var left = new List<Request>();
        lock (_gate)
        {
            _closed = true;
            for (var count = _turns.Count; count > 0; count--)
            {
                var turn = _turns.Dequeue();
                if (turn is Request request)
                    left.Add(request);
                else
                    _turns.Enqueue(turn);
            }
        }

        return left;
    }

    /// <summary>Drops all turns, and everything that is posted later.</summary>
    public void Discard()
    {
        lock (_gate)
        {
            _closed = _discarded = true;
            _turns.Clear();
        }
    }

    /// <summary>
    /// Runs a slice inside one task, so that requests started in it see this scheduler as the current one. The task starts with the
    /// executing thread's context: no ambient context flows from caller to callee.
    /// </summary>
    public void Execute()
    {
        var previousQueue = CurrentTurn.Enter(this);
        var previousContext = SynchronizationContext.Current;
        if (previousContext is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            new Task(
                static queue => ((TurnQueue)queue!).RunSlice(),
                this,
                CancellationToken.None,
                TaskCreationOptions.DenyChildAttach
            ).RunSynchronously(this);
        }
        finally
        {
            if (previousContext is not null)
                SynchronizationContext.SetSynchronizationContext(previousContext);
            CurrentTurn.Enter(previousQueue);
        }
    }

    protected override void QueueTask(Task task) => TryPost(task, task, evenIfClosed: true);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(CurrentTurn.Queue, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
            return _turns.OfType<Task>().ToArray();
    }

    private bool TryPost(object turn, Task? continuation, bool evenIfClosed)
    {
        _observer?.Posted(owner.GrainId, continuation);
        bool schedule;
        lock (_gate)
        {
            if (_discarded || (_closed && !evenIfClosed))
                return false;
            _turns.Enqueue(turn);
            schedule = !_scheduled;
            _scheduled = true;
        }

        if (schedule)
            _scheduler.Schedule(this);
        return true;
    }

    private void RunSlice()
    {
        for (var turns = _scheduler.TurnsPerSlice; turns > 0; turns--)
        {
            if (!TryTake(out var turn))
                return;
            try
            {
                if (turn is Task task)
                    TryExecuteTask(task);
                else
                    owner.Run(turn);
                owner.AfterTurn();
            }
            catch (Exception failure)
            {
                // Whatever the failure, the later turns must run.
                log.TurnFailed(owner.GrainId, failure);
            }
        }

        if (HasMore())
            _scheduler.Schedule(this);
    }

    private bool TryTake(out object turn)
    {
        lock (_gate)
        {
            _scheduled = _turns.TryDequeue(out turn!);
            return _scheduled;
        }
    }

    private bool HasMore()
    {
        lock (_gate)
        {
            _scheduled = _turns.Count > 0;
            return _scheduled;
        }
    }
}
