using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Endpoint;

/// <summary>The headers that tell a client of its quota, named and spelled as OpenAI's.</summary>
internal static class QuotaHeaders
{
    public static void Write(IHeaderDictionary headers, in Admission admission)
    {
        Write(headers, "requests", admission.Requests);
        Write(headers, "tokens", admission.Tokens);
    }

    /// <summary>Both spellings: whole seconds, rounded up, and milliseconds.</summary>
    public static void WriteRetry(IHeaderDictionary headers, double seconds)
    {
        headers["retry-after"] = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        headers["retry-after-ms"] = Math.Ceiling(seconds * 1000).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A span of time as these headers spell it: <c>120ms</c>, <c>1.5s</c>, <c>6m0s</c>.</summary>
    public static string Spelled(double seconds)
    {
        if (seconds < 1) return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds * 1000)}ms");
        return seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds, 3)}s")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60)}m{Math.Round(seconds % 60, 3)}s");
    }

    private static void Write(IHeaderDictionary headers, string kind, Remaining? remaining)
    {
        if (remaining is not { } known) return;
        headers[$"x-ratelimit-limit-{kind}"] = known.Limit.ToString("F0", CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-remaining-{kind}"] = Math.Floor(known.Left).ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-reset-{kind}"] = Spelled(known.Full);
    }
}
