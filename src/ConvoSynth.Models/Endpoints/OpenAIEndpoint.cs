using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using Azure.Core;
using ConvoSynth.Core;
using Microsoft.Extensions.Logging;
using OpenAI.Chat;
using OpenAI.Responses;

namespace ConvoSynth.Models;

/// <summary>
/// A model behind OpenAI's protocols, asked through the protocol methods of the vendors' packages: the bytes of the request are ours, and those of the answer come
/// back as they are. One call is one try: patience is what decorators have. Only a whole answer in the protocol's form comes back; all else is a failure by name.
/// </summary>
public sealed partial class OpenAIEndpoint : IEndpoint
{
    private readonly ChatClient? _chat;
    private readonly ResponsesClient? _responses;
    private readonly IChatProtocol _protocol;
    private readonly EndpointFailures _failures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _timeout;
    private volatile bool _hasAnswered;

    /// <param name="http">A client without a timeout of its own; shared by endpoints.</param>
    /// <param name="key">Null where <paramref name="credential"/> signs in.</param>
    /// <param name="credential">For Entra ID.</param>
    public OpenAIEndpoint(EndpointSpec spec, HttpClient http, EndpointKey? key, TokenCredential? credential, TimeProvider time, ILogger logger)
    {
        if (key is null && credential is null) throw new ArgumentException($"endpoint \"{spec.Name}\" has neither a key nor a credential", nameof(key));
        Spec = spec;
        _protocol = ChatProtocols.Of(spec.Protocol);
        _failures = new(spec);
        _time = time;
        _logger = logger;
        _timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds);
        var clients = new OpenAIClients(spec, http, key, credential is null ? null : new KeptCredential(credential, time));
        if (spec.Protocol == EndpointProtocol.Chat) _chat = clients.Chat();
        else _responses = clients.Responses();
        Listing = new OpenAIModelListing(clients.Models(), spec.Model, time);
    }

    public EndpointSpec Spec { get; }

    public IModelListing Listing { get; }

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        LogRequest(request.Key, request.Body);
        var began = _time.GetTimestamp();
        using var giveUp = new CancellationTokenSource(_timeout, _time);
        await using var link = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), giveUp);
        try
        {
            // Errors come as responses: throwing and catching one costs more than the call.
            var options = new RequestOptions { CancellationToken = giveUp.Token, ErrorOptions = ClientErrorBehaviors.NoThrow };
            using var body = BinaryContent.Create(BinaryData.FromBytes(request.Body));
            var result = _chat is not null ? await _chat.CompleteChatAsync(body, options) : await _responses!.CreateResponseAsync(body, options);
            using var response = result.GetRawResponse();
            _hasAnswered = true;
            return Read(request, response, _time.GetElapsedTime(began).TotalSeconds);
        }
        catch (Exception e) when (e is not EndpointException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seconds = _time.GetElapsedTime(began).TotalSeconds;
            if (giveUp.IsCancellationRequested) throw _failures.OfTimeout(seconds);
            if (e is Azure.Identity.AuthenticationFailedException or Azure.RequestFailedException) throw _failures.OfSignIn(e, seconds);
            if (e is HttpRequestException or ClientResultException or IOException or OperationCanceledException) throw _failures.OfNoAnswer(e, _hasAnswered, seconds);
            throw;
        }
    }

    private EndpointResponse Read(EndpointRequest request, PipelineResponse response, double seconds)
    {
        var body = response.Content.ToMemory();
        LogResponse(request.Key, response.Status, body);
        if (response.Status is not (>= 200 and < 300) && !_protocol.IsAnswer(response.Status, body.Span))
            throw _failures.OfStatus(response.Status, body.Span, RetryAfter.Of(response.Headers, _time.GetUtcNow()), seconds);
        if (response.Headers.TryGetValue("Content-Type", out var type) && !IsJson(type)) throw _failures.OfContentType(Shown(type), seconds);
        if (_protocol.Problem(body.Span, out var usage) is { } problem) throw _failures.OfMalformed(problem, seconds);
        return new(Spec.Name, Encoding.UTF8.GetString(body.Span), usage, seconds);
    }

    private static bool IsJson(string? type) =>
        type is null || type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.Split(';')[0].TrimEnd().EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string? type) => type!.Split(';')[0] is { Length: <= 40 } name ? name : "something";
}
