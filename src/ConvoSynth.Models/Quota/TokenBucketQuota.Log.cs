using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models;

public sealed partial class TokenBucketQuota
{
    [LoggerMessage(30, LogLevel.Warning, "no quota for {Endpoint} could be leased ({Reason}); asked again")]
    private static partial void LeaseFailed(ILogger logger, string endpoint, string reason);
}
