namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>The actions of grains, in order. A test waits for an entry, never for time.</summary>
public sealed class Log
{
    private readonly Lock _lock = new();
    private readonly List<string> _entries = [];
    private readonly List<(string Entry, int Times, TaskCompletionSource Reached)> _awaited = [];

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    public void Add(string entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            foreach (var (_, _, reached) in _awaited.Where(a => Times(a.Entry) >= a.Times))
                reached.TrySetResult();
        }
    }

    /// <summary>Completes when the entry has been added <paramref name="times"/> times.</summary>
    public Task Has(string entry, int times = 1)
    {
        lock (_lock)
        {
            if (Times(entry) >= times)
                return Task.CompletedTask;
            // The grain that adds the entry must not run the test's continuation.
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((entry, times, reached));
            return reached.Task;
        }
    }

    public int Count(string entry)
    {
        lock (_lock)
            return Times(entry);
    }

    private int Times(string entry) => _entries.Count(e => e == entry);
}
