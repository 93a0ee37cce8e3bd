using System.Text;
using ConvoSynth.Core;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models;

/// <summary>A response as it came: any status, any body.</summary>
/// <param name="ContentType">Null where none was sent.</param>
/// <param name="RetryAfter">How long the server asks to be left alone.</param>
public sealed record ClientAnswer(int Status, ReadOnlyMemory<byte> Body, string? ContentType, TimeSpan? RetryAfter);

/// <summary>
/// A model behind a vendor's client. One call is one try: patience is what decorators have. Only a whole answer in the protocol's form comes back; all else is a
/// failure by name.
/// </summary>
public abstract partial class ClientEndpoint(EndpointSpec spec, TimeProvider time, ILogger logger) : IEndpoint
{
    private readonly IChatProtocol _protocol = ChatProtocols.Of(spec.Protocol);
    private readonly EndpointFailures _failures = new(spec);
    private readonly ILogger _logger = logger;
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds);
    private volatile bool _hasAnswered;

    public EndpointSpec Spec { get; } = spec;

    /// <summary>Where the server lists its models; null where it has no list that is read.</summary>
    public abstract IModelListing? Listing { get; }

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        LogRequest(request.Key, request.Body);
        var began = time.GetTimestamp();
        using var giveUp = new CancellationTokenSource(_timeout, time);
        await using var link = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), giveUp);
        try
        {
            var answer = await Post(request.Body, giveUp.Token);
            _hasAnswered = true;
            return Read(request, answer, time.GetElapsedTime(began).TotalSeconds);
        }
        catch (Exception e) when (e is not EndpointException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            if (giveUp.IsCancellationRequested)
                throw _failures.OfTimeout(seconds);
            if (e is Azure.Identity.AuthenticationFailedException or Azure.RequestFailedException)
                throw _failures.OfSignIn(e, seconds);
            if (e is HttpRequestException or IOException or OperationCanceledException || IsOfClient(e))
                throw _failures.OfNoAnswer(e, _hasAnswered, seconds);
            throw;
        }
    }

    /// <summary>Sends a body once and reads what comes back, whatever its status.</summary>
    protected abstract ValueTask<ClientAnswer> Post(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Whether it is the client's own exception for a connection that failed.</summary>
    protected abstract bool IsOfClient(Exception e);

    private EndpointResponse Read(EndpointRequest request, ClientAnswer answer, double seconds)
    {
        var body = answer.Body;
        LogResponse(request.Key, answer.Status, body);
        var isSuccess = answer.Status is >= 200 and < 300;
        string? problem = null;
        var usage = Usage.None;
        if (isSuccess)
        {
            problem = _protocol.Problem(body.Span, out usage);
            if (problem is null && !MayBeError(body.Span) && IsJson(answer))
                return new(Spec.Name, Encoding.UTF8.GetString(body.Span), usage, seconds);
        }

        var error = ErrorDocument.Of(body.Span, isSuccess);
        var status = isSuccess ? error?.Status ?? answer.Status : answer.Status;
        if (RefusedPromptIn(status, error) is { } refused)
            return new(Spec.Name, RefusedPrompt.Body(refused, status, error?.Words ?? ""), Usage.None, seconds) { IsRefusal = true };
        if (!isSuccess || error is not null)
            throw _failures.OfStatus(status, error, answer.RetryAfter, seconds);
        if (!IsJson(answer))
            throw _failures.OfContentType(Shown(answer.ContentType!), seconds);
        if (problem is not null)
            throw _failures.OfMalformed(problem, seconds);
        return new(Spec.Name, Encoding.UTF8.GetString(body.Span), usage, seconds);
    }

    // Of most answers a look at the bytes says that no error is in them.
    private static bool MayBeError(ReadOnlySpan<byte> body) => body.IndexOf("\"error"u8) >= 0;

    // Whatever a server says beside it, 413 means that the request is too large.
    private static FinishReason? RefusedPromptIn(int status, ErrorDocument? error) =>
        error?.RefusedPrompt(status) ?? (status == 413 ? FinishReason.ContextLength : null);

    private static bool IsJson(ClientAnswer answer) => answer.ContentType is not { } type || IsJson(type);

    private static bool IsJson(string type) =>
        type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        || type.Split(';')[0].TrimEnd().EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string type) => type.Split(';')[0] is { Length: <= 40 } name ? name : "something";
}
