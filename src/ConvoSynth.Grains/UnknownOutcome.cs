using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// A call that timed out or was refused may have run or not. All calls here may be made again: what changes something changes it once.
/// So a caller repeats, at growing distances, for longer than a cluster takes to notice that a host is gone (10 to 15 s on loopback).
/// </summary>
internal static class UnknownOutcome
{
    private const int Tries = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    public static bool Is(Exception e) => e is TimeoutException or OrleansException;

    /// <summary>Makes a call until its outcome is known, at most six times within half a minute of pauses; then the last failure is the caller's.</summary>
    public static async Task<T> Repeat<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var i = 1; ; i++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (i < Tries && Is(e) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(pause, time, cancellationToken);
                pause *= 4;
            }
        }
    }

    /// <inheritdoc cref="Repeat{T}"/>
    public static Task Repeat(Func<Task> call, TimeProvider time, CancellationToken cancellationToken) => Repeat(
        async () =>
        {
            await call();
            return true;
        },
        time,
        cancellationToken);
}
