using ConvoSynth.Core;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime.Scheduling;

/// <summary>Runs turns on the calling thread: in the order of posting, or in an order drawn from a seed.</summary>
internal sealed class SteppedScheduler(ulong? seed = null) : IGrainScheduler
{
    private readonly List<IGrainWorkItem> _ready = [];
    private readonly SeededRandom? _random = seed is { } s ? new SeededRandom(s) : null;

    public int TurnsPerSlice { get; init; } = 1;

    /// <summary>Called between two steps, with the number of steps made.</summary>
    public Action<long>? Between { get; set; }

    /// <summary>Called when only the clock can make further progress.</summary>
    public Action? Quiet { get; set; }

    /// <summary>The owners of the executed turns, in order.</summary>
    public List<string> Executed { get; } = [];

    public void Schedule(IGrainWorkItem item)
    {
        // A test may observe a post from another thread, so the list is locked.
        lock (_ready)
            _ready.Add(item);
    }

    /// <summary>Runs until no turn is left.</summary>
    public void Run()
    {
        while (Step()) { }

        Quiet?.Invoke();
    }

    /// <summary>Runs one slice of turns.</summary>
    /// <returns>Whether there was one to run.</returns>
    public bool Step()
    {
        if (Take() is not { } item)
            return false;
        Executed.Add(item.GrainId.ToString());
        item.Execute();
        Between?.Invoke(Executed.Count);
        return true;
    }

    /// <summary>
    /// Starts a caller's code as turns of this scheduler, so that its awaits continue here. It runs in <see cref="Run"/>.
    /// </summary>
    public Task<T> Client<T>(Func<Task<T>> code) =>
        Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.None, new ClientTurns(this)).Unwrap();

    private IGrainWorkItem? Take()
    {
        lock (_ready)
        {
            if (_ready.Count == 0)
                return null;
            var at = _random?.Next(_ready.Count) ?? 0;
            var item = _ready[at];
            _ready.RemoveAt(at);
            return item;
        }
    }

    private sealed class ClientTurns(SteppedScheduler scheduler) : TaskScheduler
    {
        protected override void QueueTask(Task task) => scheduler.Schedule(new Turn(this, task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];

        private sealed class Turn(ClientTurns owner, Task task) : IGrainWorkItem
        {
            public GrainId GrainId => GrainId.Create("client", "client");

            public long Serial => 0;

            // Awaits must capture this scheduler, not the test runner's context.
            public void Execute()
            {
                var context = SynchronizationContext.Current;
                SynchronizationContext.SetSynchronizationContext(null);
                owner.TryExecuteTask(task);
                SynchronizationContext.SetSynchronizationContext(context);
            }
        }
    }
}
