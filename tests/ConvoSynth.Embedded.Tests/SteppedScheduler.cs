using ConvoSynth.Embedded.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>Runs turns on the thread that asks for it: in the order of posting, or in one drawn from a seed.</summary>
public sealed class SteppedScheduler(ulong? seed = null) : IGrainScheduler
{
    private readonly List<IGrainWorkItem> _ready = [];
    private ulong _state = seed ?? 0;

    public int TurnsPerSlice => 1;

    public List<string> Executed { get; } = [];

    /// <summary>Whose turns were to give way to others, in the order of scheduling.</summary>
    public List<string> GaveWay { get; } = [];

    public void Schedule(IGrainWorkItem item, bool givesWay)
    {
        lock (_ready)
        {
            _ready.Add(item);
            if (givesWay) GaveWay.Add(item.GrainId.ToString());
        }
    }

    /// <summary>Runs until no turn is left.</summary>
    public void Run()
    {
        while (Take() is { } item)
        {
            Executed.Add(item.GrainId.ToString());
            item.Execute();
        }
    }

    /// <summary>Runs a caller's code on this scheduler too, so that its awaits come back here.</summary>
    public Task<T> Client<T>(Func<Task<T>> code) =>
        Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.None, new ClientTurns(this)).Unwrap();

    private IGrainWorkItem? Take()
    {
        lock (_ready)
        {
            if (_ready.Count == 0)
                return null;
            var index = seed is null ? 0 : (int)(Next() % (ulong)_ready.Count);
            var item = _ready[index];
            _ready.RemoveAt(index);
            return item;
        }
    }

    // SplitMix64.
    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private sealed class ClientTurns(SteppedScheduler scheduler) : TaskScheduler
    {
        protected override void QueueTask(Task task) => scheduler.Schedule(new Turn(this, task), givesWay: false);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];

        private sealed class Turn(ClientTurns owner, Task task) : IGrainWorkItem
        {
            public GrainId GrainId => GrainId.Create("client", "");

            public long Serial => 0;

            // Awaits must capture the scheduler, not the test runner's context.
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
