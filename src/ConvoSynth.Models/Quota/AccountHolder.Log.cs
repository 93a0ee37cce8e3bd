using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Quota;

public sealed partial class AccountHolder
{
    [LoggerMessage(30, LogLevel.Warning, "the account {Account} could not be leased ({Reason}); asked again")]
    private static partial void LeaseFailed(ILogger logger, string account, string reason);

    [LoggerMessage(31, LogLevel.Warning, "{Count} requests in flight on the account {Account} are abandoned: their lease has ended")]
    private static partial void Abandoned(ILogger logger, string account, int count);

    [LoggerMessage(20, LogLevel.Warning, "{Account} is away ({Reason}); it is left alone for {Seconds:F0} s")]
    private static partial void Opened(ILogger logger, string account, string reason, double seconds);

    [LoggerMessage(21, LogLevel.Information, "{Account} is back")]
    private static partial void Closed(ILogger logger, string account);
}
