using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ConvoSynth.Serve.Ors;

/// <summary>
/// Calls that run whether or not their client still listens. A client whose stream broke asks again by the call's id and gets the same
/// result, so that a write happens once. Results are kept for 60 s after they are there, as ORS's own server keeps them.
/// </summary>
internal sealed class ToolTasks(TimeProvider time) : IDisposable
{
    private const int IdBytes = 16;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (string Session, Task<string> Result)> _tasks = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Starts a call.</summary>
    /// <param name="work">Gives the result as JSON.</param>
    public (string Id, Task<string> Result) Start(string session, Func<Task<string>> work)
    {
        var id = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);
        var result = work();
        _tasks[id] = (session, result);
        _ = Forget(id, result);
        return (id, result);
    }

    /// <summary>Finds a call of this session, unless it is forgotten.</summary>
    public bool TryFind(string session, string id, [NotNullWhen(true)] out Task<string>? result)
    {
        result = _tasks.TryGetValue(id, out var held) && held.Session == session ? held.Result : null;
        return result is not null;
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private async Task Forget(string id, Task result)
    {
        var closed = _closed.Token;
        await result
            .ContinueWith(static _ => { }, closed, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Kept, time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _tasks.TryRemove(id, out _);
    }
}
