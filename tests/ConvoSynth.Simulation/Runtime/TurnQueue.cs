using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// The turns of one activation (or of the runtime's own housekeeping), run one at a time in the order of posting: requests, runtime
/// events, and continuations, which come back here because this is also the task scheduler that awaits capture.
/// </summary>
internal sealed class TurnQueue(ITurnOwner owner, ClusterOptions options, RuntimeLog log) : TaskScheduler, IGrainWorkItem
{
    private readonly IGrainScheduler _scheduler = options.Scheduler;
    private readonly IPostObserver? _observer = options.PostObserver;

    // Other threads have no business here; the observer tells of each, and the lock keeps the queue whole until a test has read that.
    private readonly Lock _gate = new();
    private readonly Queue<object> _turns = new();
    private bool _scheduled;
    private bool _closed;
    private bool _discarded;

    public ITurnOwner Owner => owner;

    public GrainId GrainId => owner.GrainId;

    public long Serial => owner.Serial;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Posts a request; false when the activation has ended and takes no more.</summary>
    public bool TryPost(Request request) => TryPost(request, null, evenIfClosed: false);

    /// <summary>Posts a runtime event, which an ended activation still runs.</summary>
    public void Post(object runtimeEvent) => TryPost(runtimeEvent, null, evenIfClosed: true);

    /// <summary>Takes no request from now on, and hands out the ones that have not been looked at.</summary>
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

    /// <summary>Forgets all turns, and from now on whatever is posted.</summary>
    public void Discard()
    {
        lock (_gate)
        {
            _closed = _discarded = true;
            _turns.Clear();
        }
    }

    /// <summary>
    /// Runs a slice inside one task, so that requests started in it see this scheduler as the current one. The task begins with
    /// the context of the executing thread: nothing ambient flows from caller to callee.
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
                // Whatever it was, the turns after it must run.
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
