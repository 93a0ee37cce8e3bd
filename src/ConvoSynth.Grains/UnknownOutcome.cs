using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// A call that timed out or was refused may have run or not. All calls here may be made again: what changes something changes it once.
/// </summary>
internal static class UnknownOutcome
{
    /// <summary>
    /// Of calls that wait for a model. Whoever is called keeps time for each try, and waiting for quota takes what it takes: this is for one that has lost its work. A day
    /// at 30 s.
    /// </summary>
    public const int ModelTimeoutLimit = 2_880;

    // Each has waited for the response timeout, 30 s unless configured otherwise.
    private const int TimeoutLimit = 20;

    // At growing distances, 34 s in all: longer than a cluster takes to notice that a host is gone (10 to 15 s on loopback).
    private const int RefusalLimit = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    public static bool Is(Exception e) => e is TimeoutException or OrleansException;

    /// <summary>Makes a call until its outcome is known, a bounded number of times; then the last failure is the caller's.</summary>
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
