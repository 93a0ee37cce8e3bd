using System.Globalization;
using ConvoSynth.Rehearsal.FakeOpenAI.Quotas;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>The headers that report the quota, with OpenAI's names and spelling.</summary>
internal static class QuotaHeaders
{
    public static void Write(IHeaderDictionary headers, in Admission admission)
    {
        if (admission.Requests is { } requests)
        {
            headers["x-ratelimit-limit-requests"] = Whole(requests.Limit);
            headers["x-ratelimit-remaining-requests"] = Whole(requests.Left);
            headers["x-ratelimit-reset-requests"] = Spelled(requests.Full);
        }

        if (admission.Tokens is not { } tokens)
            return;
        headers["x-ratelimit-limit-tokens"] = Whole(tokens.Limit);
        headers["x-ratelimit-remaining-tokens"] = Whole(tokens.Left);
        headers["x-ratelimit-reset-tokens"] = Spelled(tokens.Full);
    }

    /// <summary>Writes both headers: whole seconds, rounded up, and milliseconds.</summary>
    public static void WriteRetry(IHeaderDictionary headers, double seconds)
    {
        headers["retry-after"] = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        headers["retry-after-ms"] = Milliseconds(seconds);
    }

    /// <summary>A time span in the spelling of these headers: <c>120ms</c>, <c>1.5s</c>, <c>6m0s</c>.</summary>
    public static string Spelled(double seconds)
    {
        if (seconds < 1)
            return string.Create(CultureInfo.InvariantCulture, $"{Milliseconds(seconds)}ms");
        return seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds, 3)}s")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60)}m{Math.Round(seconds % 60, 3)}s");
    }

    // Rounds up, but tolerates the rounding error of a double.
    private static string Milliseconds(double seconds) => Math.Ceiling((seconds * 1000) - 1e-6).ToString(CultureInfo.InvariantCulture);

    // A limit computed from a refill per second may have lost its last bit.
    private static string Whole(double amount) => ((long)Math.Floor(amount + 1e-6)).ToString(CultureInfo.InvariantCulture);
}
