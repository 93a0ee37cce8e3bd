using System.Text;
using ConvoSynth.Models.Journal;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Endpoints;

public abstract partial class ClientEndpoint
{
    private void LogRequest(CallKey key, ReadOnlyMemory<byte> body)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
            Sent(_logger, Spec.Name, key.ToString(), Encoding.UTF8.GetString(body.Span));
    }

    private void LogResponse(CallKey key, int status, ReadOnlyMemory<byte> body)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
            Received(_logger, Spec.Name, key.ToString(), status, Encoding.UTF8.GetString(body.Span));
    }

    [LoggerMessage(1, LogLevel.Trace, "{Endpoint} {Call} sent {Body}")]
    private static partial void Sent(ILogger logger, string endpoint, string call, string body);

    [LoggerMessage(2, LogLevel.Trace, "{Endpoint} {Call} received {Status} {Body}")]
    private static partial void Received(ILogger logger, string endpoint, string call, int status, string body);
}
