namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Completes calls of Parquet.Net, whose methods are all asynchronous. The streams under it are synchronous, so each call has completed
/// when it returns; <see cref="Wait"/> is the exception.
/// </summary>
internal static class Synchronous
{
#pragma warning disable VSTHRD002 // Each call has completed already, or runs where no scheduler waits for it.
    public static T End<T>(Task<T> call)
    {
        Require(call.IsCompleted);
        return call.GetAwaiter().GetResult();
    }

    public static void End(Task call)
    {
        Require(call.IsCompleted);
        call.GetAwaiter().GetResult();
    }

    public static void End(ValueTask call)
    {
        Require(call.IsCompleted);
        call.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Makes a call that reads pages through the thread pool, and waits for it; Parquet.Net does this for every compression but
    /// Zstandard. The call itself starts on the pool: otherwise it would continue on the caller's scheduler, which is blocked.
    /// </summary>
    public static void Wait(Func<Task> call) => Task.Run(call).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private static void Require(bool completed)
    {
        if (!completed)
            throw new InvalidOperationException("Parquet.Net waits for something: the streams of shards must end each call at once.");
    }
}
