using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Anthropic.Services;
using ConvoSynth.Core.Campaigns;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// A model behind Anthropic's Messages, through the raw requests and responses of the <c>Anthropic</c> package. The package reserializes
/// the request, so the journal hashes our canonical body. The answer's body comes back unchanged.
/// </summary>
public sealed class AnthropicEndpoint : ClientEndpoint
{
    // Our injected clock enforces the timeout; the package's clock is the system's, so its timeout is only a later backstop.
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, JsonElement> Nothing = [];

    // The client is not disposed of: all endpoints share its connections.
    private readonly IMessageServiceWithRawResponse _messages;

    /// <param name="http">A client without a timeout of its own; shared by endpoints.</param>
    public AnthropicEndpoint(EndpointSpec spec, HttpClient http, EndpointKey key, TimeProvider time, ILogger logger)
        : base(spec, time, logger) => _messages = new AnthropicClient(
            new ClientOptions
            {
                HttpClient = http,
                Handlers = [new Failures(time)],
                BaseUrl = EndpointAddress.Base(spec).ToString().TrimEnd('/'),
                ApiKey = key.Value,
                AuthToken = null, // Otherwise the package reads one from the environment.
                MaxRetries = 0,
                Timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds) + Behind,
                ResponseValidation = false,
                OpenTelemetry = false,
            }
        ).WithRawResponse.Messages;

    /// <summary>Null: Anthropic's list has no shutdown date.</summary>
    public override IModelListing? Listing => null;

    protected override async ValueTask<ClientAnswer> Post(EndpointRequest request, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(request.Body);
        var fields = document.RootElement.EnumerateObject().ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
        try
        {
            using var response = await _messages.Create(MessageCreateParams.FromRawUnchecked(Nothing, Nothing, fields), cancellationToken);
            var content = response.RawMessage.Content;
            return new(
                (int)response.StatusCode,
                await content.ReadAsByteArrayAsync(cancellationToken),
                content.Headers.ContentType?.ToString(),
                RetryAfter: null
            );
        }
        catch (Failed e)
        {
            return e.Answer;
        }
    }

    protected override bool IsOfClient(Exception e) => e is AnthropicException;

    // The package's exceptions carry no headers, so this handler keeps Retry-After.
    private sealed class Failures(TimeProvider time) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                throw new Failed(
                    new(
                        (int)response.StatusCode,
                        body,
                        response.Content.Headers.ContentType?.ToString(),
                        RetryAfter.Of(Header, time.GetUtcNow())
                    )
                );
            }
        }
    }

    private sealed class Failed(ClientAnswer answer) : Exception($"answered with {answer.Status}")
    {
        public ClientAnswer Answer { get; } = answer;
    }
}
