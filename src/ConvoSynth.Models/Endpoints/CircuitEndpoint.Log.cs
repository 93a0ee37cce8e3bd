using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models;

public sealed partial class CircuitEndpoint
{
    [LoggerMessage(20, LogLevel.Warning, "{Endpoint} is away ({Reason}); it is left alone for {Seconds:F0} s")]
    private static partial void Opened(ILogger logger, string endpoint, string reason, double seconds);

    [LoggerMessage(21, LogLevel.Information, "{Endpoint} is back")]
    private static partial void Closed(ILogger logger, string endpoint);
}
