namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// Single-flight: callers with the same key share one running task. A caller whose response timed out asks again, and the work must not
/// be done and paid for twice. No caller's cancellation ends it, since another may wait for it too. Local to one activation; not
/// thread-safe.
/// </summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Task<TResult>> _tasks = [];

    /// <summary>Starts the work for <paramref name="key"/> or joins the running one.</summary>
    public Task<TResult> Do(TKey key, Func<Task<TResult>> work)
    {
        if (_tasks.TryGetValue(key, out var task))
            return task;
        task = Run(key, work);
        if (!task.IsCompleted)
            _tasks.Add(key, task);
        return task;
    }

    private async Task<TResult> Run(TKey key, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            _tasks.Remove(key);
        }
    }
}
