namespace ConvoSynth.Drills;

/// <summary>The wall clock, since drills watch real processes.</summary>
internal static class Wall
{
    public static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public static long Timestamp => TimeProvider.System.GetTimestamp();

    public static TimeSpan Since(long timestamp) => TimeProvider.System.GetElapsedTime(timestamp);

    public static Task Wait(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
}
