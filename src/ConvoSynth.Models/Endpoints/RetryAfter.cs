using System.Globalization;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// The pause that a response asks for: <c>retry-after-ms</c> and <c>x-ms-retry-after-ms</c> in milliseconds, <c>Retry-After</c> in
/// seconds or as a date.
/// </summary>
internal static class RetryAfter
{
    // A longer pause is an outage, and this bound keeps huge numbers within a clock's range.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <param name="header">Returns a header's value, null if it is absent.</param>
    public static TimeSpan? Of(Func<string, string?> header, DateTimeOffset now)
    {
        foreach (var name in (ReadOnlySpan<string>)["retry-after-ms", "x-ms-retry-after-ms"])
        {
            if (Number(header(name)) is { } milliseconds)
                return Bounded(milliseconds / 1000);
        }

        if (header("Retry-After") is not { } text)
            return null;
        if (Number(text) is { } seconds)
            return Bounded(seconds);
        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bounded((date - now).TotalSeconds)
            : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
}
