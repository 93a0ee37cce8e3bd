namespace ConvoSynth.Grains;

/// <summary>Asks a model's keeper, and again where the answer says that it may come later: an endpoint was away.</summary>
internal static class AskingAgain
{
    // At growing distances, 34 s in all. An endpoint that is away for longer has its own patience before it says so.
    private const int Limit = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The first reply that is final, or the last one.</summary>
    /// <param name="call">A call that may be made again.</param>
    /// <param name="again">Whether a reply says that asking again may help.</param>
    public static async Task<T> Repeat<T>(Func<Task<T>> call, Func<T, bool> again, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var times = 0; ; times++)
        {
            var reply = await UnknownOutcome.Repeat(call, time, cancellationToken, UnknownOutcome.ModelTimeoutLimit);
            if (!again(reply) || times == Limit)
                return reply;
            await Task.Delay(FirstPause * Math.Pow(4, times), time, cancellationToken);
        }
    }
}
