using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.Core;
using ConvoSynth.Core.Campaigns;
using Microsoft.Extensions.Logging;
using OpenAI.Chat;
using OpenAI.Responses;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// A model behind OpenAI's protocols, through the protocol methods of the vendors' packages: they send our bytes and return the answer's
/// bytes unchanged.
/// </summary>
public sealed class OpenAIEndpoint : ClientEndpoint
{
    private readonly ChatClient? _chat;
    private readonly ResponsesClient? _responses;
    private readonly TimeProvider _time;

    /// <param name="http">A client without its own timeout; shared by endpoints.</param>
    /// <param name="key">Null if <paramref name="credential"/> signs in.</param>
    /// <param name="credential">For Entra ID.</param>
    public OpenAIEndpoint(
        EndpointSpec spec,
        HttpClient http,
        EndpointKey? key,
        TokenCredential? credential,
        TimeProvider time,
        ILogger logger
    )
        : base(spec, time, logger)
    {
        if (key is null && credential is null)
            throw new ArgumentException($"endpoint \"{spec.Name}\" has neither a key nor a credential", nameof(key));
        _time = time;
        var clients = new OpenAIClients(spec, http, key, credential is null ? null : new KeptCredential(credential, time));
        if (spec.Protocol == EndpointProtocol.Chat)
            _chat = clients.Chat();
        else
            _responses = clients.Responses();
        Listing = new OpenAIModelListing(clients.Models(), spec.Model, time);
    }

    public override IModelListing? Listing { get; }

    protected override async ValueTask<ClientAnswer> Post(EndpointRequest request, CancellationToken cancellationToken)
    {
        // Errors come as responses: throwing and catching an exception costs more than the call.
        var options = new RequestOptions { CancellationToken = cancellationToken, ErrorOptions = ClientErrorBehaviors.NoThrow };
        using var content = BinaryContent.Create(BinaryData.FromBytes(request.Body));
        var result = _chat is not null
            ? await _chat.CompleteChatAsync(content, options)
            : await _responses!.CreateResponseAsync(content, options);
        using var response = result.GetRawResponse();
        string? Header(string name) => response.Headers.TryGetValue(name, out var value) ? value : null;
        return new(response.Status, response.Content.ToMemory(), Header("Content-Type"), RetryAfter.Of(Header, _time.GetUtcNow()));
    }

    protected override bool IsOfClient(Exception e) => e is ClientResultException;
}
