using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Retries of grain calls with an unknown outcome: a call that timed out or was refused may or may not have run. All calls here are
/// idempotent.
/// </summary>
internal static class GrainCallRetry
{
    /// <summary>
    /// For calls that wait for a model. The called grain limits the time of each try, and waiting for quota or for a batch takes as long
    /// as it takes. This bound, seven days at 30 s a try, only covers a grain that has lost its work.
    /// </summary>
    public const int ModelTimeoutLimit = 20_160;

    // Each try waits for the response timeout, 30 s unless configured otherwise.
    private const int TimeoutLimit = 20;

    // Exponential pauses, 34 s in total: longer than a cluster takes to detect a dead host (10 to 15 s on loopback).
    private const int RefusalLimit = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    public static bool Is(Exception e) => e is TimeoutException or OrleansException;

    /// <summary>Repeats a call until its outcome is known. The number of tries is bounded; the last failure goes to the caller.</summary>
    public static async Task<T> Repeat<T>(
        Func<Task<T>> call,
        TimeProvider time,
        CancellationToken cancellationToken,
        int timeoutLimit = TimeoutLimit
    )
    {
        var (timeouts, refusals) = (0, 0);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (TimeoutException) when (!cancellationToken.IsCancellationRequested && timeouts++ < timeoutLimit)
            {
                continue;
            }
            catch (OrleansException) when (!cancellationToken.IsCancellationRequested && refusals++ < RefusalLimit)
            {
                await Task.Delay(FirstPause * Math.Pow(4, refusals - 1), time, cancellationToken);
            }
        }
    }

    /// <inheritdoc cref="Repeat{T}"/>
    public static Task Repeat(Func<Task> call, TimeProvider time, CancellationToken cancellationToken) =>
        Repeat(
            async () =>
            {
                await call();
                return true;
            },
            time,
            cancellationToken
        );
}
