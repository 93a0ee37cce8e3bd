namespace ConvoSynth.Grains.Dialogue;

/// <summary>Calls a grain that owns a model, and retries while the reply says that the endpoint may recover.</summary>
internal static class ReplyRetry
{
    // Exponential pauses, 34 s in total. The endpoint's own retries have already covered a longer outage.
    private const int Limit = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <param name="call">An idempotent call.</param>
    /// <param name="again">Whether a reply invites a retry.</param>
    /// <returns>The first final reply, or the last reply after all retries.</returns>
    public static async Task<T> Repeat<T>(Func<Task<T>> call, Func<T, bool> again, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var times = 0; ; times++)
        {
            var reply = await GrainCallRetry.Repeat(call, time, cancellationToken, GrainCallRetry.ModelTimeoutLimit);
            if (!again(reply) || times == Limit)
                return reply;
            await Task.Delay(FirstPause * Math.Pow(4, times), time, cancellationToken);
        }
    }
}
