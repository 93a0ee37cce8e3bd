using System.Text;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Protocols;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Endpoints;

/// <summary>A response as received: any status, any body.</summary>
/// <param name="ContentType">Null if the header is absent.</param>
/// <param name="RetryAfter">The pause that the server asks for.</param>
public sealed record ClientAnswer(int Status, ReadOnlyMemory<byte> Body, string? ContentType, TimeSpan? RetryAfter);

/// <summary>
/// A model behind a vendor's client. One call is one try; decorators add retries. Returns only a whole answer in the protocol's form;
/// everything else is a named failure.
/// </summary>
public abstract partial class ClientEndpoint(EndpointSpec spec, TimeProvider time, ILogger logger) : IEndpoint
{
    private const string Streamed =
        "a stream of events, which no request asked for; add `body: {stream: false}` to the endpoint, "
        + "or turn streaming off in the gateway before it";

    private readonly IChatProtocol _protocol = ChatProtocols.Of(spec.Protocol);
    private readonly EndpointFailures _failures = new(spec);
    private readonly ILogger _logger = logger;
    private volatile bool _hasAnswered;

    public EndpointSpec Spec { get; } = spec;

    /// <summary>The server's list of models; null if it has no supported one.</summary>
    public abstract IModelListing? Listing { get; }

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        LogRequest(request.Key, request.Body);
        var began = time.GetTimestamp();
        using var giveUp = new CancellationTokenSource(Patience, time);
        await using var link = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), giveUp);
        try
        {
            var answer = await Post(request, giveUp.Token);
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

    /// <summary>How long one try may take.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(Spec.TimeoutSeconds);

    /// <summary>Sends a request once and returns the response with any status.</summary>
    protected abstract ValueTask<ClientAnswer> Post(EndpointRequest request, CancellationToken cancellationToken);

    /// <summary>Whether this is the client's own exception for a failed connection.</summary>
    protected abstract bool IsOfClient(Exception e);

    private EndpointResponse Read(EndpointRequest request, ClientAnswer answer, double seconds)
    {
        var body = PlainBody.Of(answer.Body);
        LogResponse(request.Key, answer.Status, body);
        var isSuccess = answer.Status is >= 200 and < 300;
        string? problem = null;
        var usage = Usage.None;
        if (isSuccess)
        {
            problem = _protocol.Problem(body.Span, out usage);
            if (problem is null && !MayBeError(body.Span))
                return new(Spec.Name, Encoding.UTF8.GetString(body.Span), usage, seconds);
        }

        var error = ErrorDocument.Of(body.Span, isSuccess);
        var status = isSuccess ? error?.Status ?? answer.Status : answer.Status;
        if (RefusedPromptIn(status, error) is { } refused)
            return new(Spec.Name, RefusedPrompt.Body(refused, status, error?.Words ?? ""), Usage.None, seconds) { IsRefusal = true };
        if (!isSuccess || error is not null)
            throw _failures.OfStatus(status, error, answer.RetryAfter, seconds);
        if (problem is null)
            return new(Spec.Name, Encoding.UTF8.GetString(body.Span), usage, seconds);
        if (PlainBody.IsStream(body.Span))
            throw _failures.OfMalformed(Streamed, seconds);
        throw IsJson(answer) ? _failures.OfMalformed(problem, seconds) : _failures.OfContentType(Shown(answer.ContentType!), seconds);
    }

    // A byte search rules out an error in most answers without parsing them.
    private static bool MayBeError(ReadOnlySpan<byte> body) => body.IndexOf("\"error"u8) >= 0;

    // Status 413 means that the request is too large, whatever the body says.
    private static FinishReason? RefusedPromptIn(int status, ErrorDocument? error) =>
        error?.RefusedPrompt(status) ?? (status == 413 ? FinishReason.ContextLength : null);

    private static bool IsJson(ClientAnswer answer) => answer.ContentType is not { } type || IsJson(type);

    private static bool IsJson(string type) =>
        type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        || type.Split(';')[0].TrimEnd().EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string type) => type.Split(';')[0] is { Length: <= 40 } name ? name : "something";
}
