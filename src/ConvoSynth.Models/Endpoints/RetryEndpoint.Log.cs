using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Endpoints;

public sealed partial class RetryEndpoint
{
    [LoggerMessage(10, LogLevel.Information, "{Endpoint} failed with {Reason} after {Seconds:F3} s; tried again in {Delay:F3} s")]
    private static partial void TriesAgain(ILogger logger, string endpoint, string reason, double seconds, double delay);

    [LoggerMessage(11, LogLevel.Warning, "{Endpoint} failed with {Reason} at the last of {Tries} tries")]
    private static partial void GaveUp(ILogger logger, string endpoint, string reason, int tries);
}
