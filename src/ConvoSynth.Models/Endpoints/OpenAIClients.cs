using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Core;
using ConvoSynth.Core.Campaigns;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using OpenAI.Responses;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// The vendors' clients for an endpoint, without their own retries, timeouts, logs and traces: the decorators provide these.
/// </summary>
/// <param name="http">A client without its own timeout; shared by endpoints.</param>
/// <param name="key">Null if <paramref name="credential"/> signs in.</param>
/// <param name="credential">For Entra ID.</param>
internal sealed class OpenAIClients(EndpointSpec spec, HttpClient http, EndpointKey? key, TokenCredential? credential)
{
    // The scope of Azure's v1 API; Azure's own client knows the older API's scope.
    private const string V1Scope = "https://ai.azure.com/.default";

    public ChatClient Chat() =>
        spec.Api == AzureApi.Deployments
            ? ByDeployment().GetChatClient(spec.Model)
            : new(spec.Model, Auth(), Set(new OpenAIClientOptions { Endpoint = EndpointAddress.Base(spec) }));

    public ResponsesClient Responses() => new(Auth(), Set(new ResponsesClientOptions { Endpoint = EndpointAddress.Base(spec) }));

    /// <summary>Null for Azure's older API, which lists models instead of deployments.</summary>
    public OpenAIModelClient? Models() =>
        spec.Api == AzureApi.Deployments ? null : new(Auth(), Set(new OpenAIClientOptions { Endpoint = EndpointAddress.Base(spec) }));

    private AuthenticationPolicy Auth() =>
        credential is not null
            ? new BearerTokenPolicy(credential, V1Scope)
            : ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(new(key!.Value));

    private AzureOpenAIClient ByDeployment()
    {
        var options = Set(new AzureOpenAIClientOptions());
        options.AddPolicy(new ApiVersionPolicy(spec.ApiVersion!), PipelinePosition.PerCall);
        return credential is not null
            ? new(EndpointAddress.Base(spec), credential, options)
            : new(EndpointAddress.Base(spec), new ApiKeyCredential(key!.Value), options);
    }

    private T Set<T>(T options)
        where T : ClientPipelineOptions
    {
        options.Transport = new HttpClientPipelineTransport(http, enableLogging: false, loggerFactory: null);
        options.RetryPolicy = new ClientRetryPolicy(0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.EnableDistributedTracing = false;
        options.ClientLoggingOptions = new() { EnableLogging = false };
        return options;
    }
}
