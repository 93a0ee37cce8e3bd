namespace ConvoSynth.Shards.Rows;

/// <summary>
/// Ends calls of Parquet.Net, whose every method is asynchronous. The streams under it are not, so each call has ended when it returns,
/// but for
/// <see cref="Wait"/>.
/// </summary>
internal static class Synchronous
{
#pragma warning disable VSTHRD002 // Each call is required to have ended first, or runs where no scheduler waits for it.
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
    /// Makes a call that reads pages through the thread pool, as Parquet.Net does with every compression but Zstandard, and waits for
    /// it. The call is made there too: it would otherwise go on with the caller's scheduler, which waits.
    /// </summary>
    public static void Wait(Func<Task> call) => Task.Run(call).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private static void Require(bool completed)
    {
        if (!completed)
            throw new InvalidOperationException("Parquet.Net waits for something: the streams of shards must end each call at once.");
    }
}
