namespace ConvoSynth.Grains;

/// <summary>
/// Work that goes on for whoever asks for it: a caller whose response timed out asks again, and what it asked for must not be done, and paid for, twice at a
/// time. Nobody's cancellation ends it, since another may wait for it too. Of one activation, and not for concurrent use.
/// </summary>
internal sealed class UnderWay<TKey, TResult>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Task<TResult>> _tasks = [];

    /// <summary>Begins the work, or joins it.</summary>
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
