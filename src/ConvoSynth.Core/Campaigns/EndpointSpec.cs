using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Core.Campaigns;

/// <summary>The service behind an endpoint: decides its address and authentication.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointProvider>))]
public enum EndpointProvider
{
    [JsonStringEnumMemberName("openai")]
    OpenAI,

    /// <summary>Azure OpenAI, with an API key or Entra ID.</summary>
    [JsonStringEnumMemberName("azure-openai")]
    AzureOpenAI,

    /// <summary>Any server that speaks OpenAI's protocol: vLLM, Ollama, llama.cpp, …</summary>
    [JsonStringEnumMemberName("openai-compatible")]
    OpenAICompatible,

    /// <summary>Anthropic, or a server that speaks its Messages API.</summary>
    [JsonStringEnumMemberName("anthropic")]
    Anthropic,
}

/// <summary>The format of requests and responses.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointProtocol>))]
public enum EndpointProtocol
{
    /// <summary>Chat Completions.</summary>
    [JsonStringEnumMemberName("chat")]
    Chat,

    /// <summary>The Responses API.</summary>
    [JsonStringEnumMemberName("responses")]
    Responses,

    /// <summary>Anthropic's Messages API.</summary>
    [JsonStringEnumMemberName("messages")]
    Messages,
}

/// <summary>Azure's address: the v1 address without a version, or the older one by deployment with <c>api-version</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AzureApi>))]
public enum AzureApi
{
    [JsonStringEnumMemberName("v1")]
    V1,

    [JsonStringEnumMemberName("deployments")]
    Deployments,
}

/// <summary>Which of a model's reasoning items go back to the endpoint that made them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReasoningEcho>))]
public enum ReasoningEcho
{
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Items since the last human message: the calls in between belong to one thought.</summary>
    [JsonStringEnumMemberName("within-tool-loop")]
    WithinToolLoop,

    [JsonStringEnumMemberName("always")]
    Always,
}

/// <summary>A model behind a URL: its address, request settings, price and limits.</summary>
public sealed record EndpointSpec
{
    /// <summary>The name under which roles, ledger and rows refer to it.</summary>
    public required string Name { get; init; }

    public required EndpointProvider Provider { get; init; }

    /// <value><c>chat</c> by default; <see cref="DefaultProtocol"/> for a YAML spec without it.</value>
    public EndpointProtocol Protocol { get; init; }

    /// <summary>The model; for Azure, the deployment.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// For <c>openai</c> and <c>openai-compatible</c> the address before <c>/chat/completions</c>, such as
    /// <c>http://localhost:8000/v1</c>. For <c>azure-openai</c> the resource, such as <c>https://name.openai.azure.com</c>.
    /// </summary>
    /// <value>Null by default: OpenAI's or Anthropic's own address; the other providers require one.</value>
    public string? Url { get; init; }

    /// <summary>For Azure only.</summary>
    /// <value><c>v1</c> by default.</value>
    public AzureApi Api { get; init; }

    /// <summary>For Azure's <c>deployments</c> address only.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The environment variable that holds the key.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The file that holds the key and nothing else.</summary>
    public string? KeyFile { get; init; }

    /// <summary>For Azure: authenticates by Entra ID instead of a key.</summary>
    public bool Entra { get; init; }

    /// <summary>Null if unknown; a limit on cost cannot be enforced then.</summary>
    public EndpointPrice? Price { get; init; }

    /// <summary>
    /// The account whose quota, requests in flight and circuit it shares with other endpoints and runs. Never a key or a hash of a key.
    /// </summary>
    /// <value>Null by default: provider, host and model together are the account.</value>
    public string? Account { get; init; }

    /// <value>Null by default: unlimited.</value>
    public int? RequestsPerMinute { get; init; }

    /// <value>Null by default: unlimited.</value>
    public long? TokensPerMinute { get; init; }

    /// <summary>Maximum concurrent requests.</summary>
    /// <value>Null by default: bounded by the dialogues in flight alone.</value>
    public int? InFlight { get; init; }

    /// <summary>Seconds before a request without an answer is abandoned and retried.</summary>
    /// <value>120 by default; 1 to 3600.</value>
    public double TimeoutSeconds { get; init; } = 120;

    /// <summary>Retries of one request after a transient failure.</summary>
    /// <value>6 by default; 0 to 20.</value>
    public int Retries { get; init; } = 6;

    /// <summary>Name of the endpoint that answers while this one's circuit is open.</summary>
    public string? Fallback { get; init; }

    /// <summary>Maximum tokens of one answer, reasoning included. Quota reserves this amount per request.</summary>
    /// <value>2,048 by default; 16 to 1,000,000.</value>
    public int MaxOutputTokens { get; init; } = 2048;

    /// <value>Null by default: the model's own.</value>
    public double? Temperature { get; init; }

    /// <summary>Reasoning effort, in the provider's term: <c>low</c>, <c>medium</c>, <c>high</c>, ….</summary>
    public string? ReasoningEffort { get; init; }

    /// <value><c>none</c> by default.</value>
    public ReasoningEcho ReasoningEcho { get; init; }

    /// <summary>Whether rows show the reasoning text that the provider returns.</summary>
    /// <value>False by default.</value>
    public bool ReasoningInRows { get; init; }

    /// <summary>Whether the agent may call several tools in one message.</summary>
    /// <value>True by default.</value>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>Whether tool schemas are sent as strict ones, where their form allows it.</summary>
    /// <value>False by default.</value>
    public bool StrictTools { get; init; }

    /// <summary>Lets the provider route requests with the same prefix to the same cache.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The requested tier, such as <c>flex</c>; the ledger records the tier that served.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Sends requests as files to the provider's batch API; null: each by itself, at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BatchSpec? Batch { get; init; }

    /// <summary>A JSON object whose fields are added unchanged to each request body.</summary>
    public Json? Body { get; init; }

    /// <summary>Whether it is the built-in test endpoint: requests to it name their dialogue.</summary>
    public bool Rehearsal { get; init; }

    /// <summary>
    /// The protocol of a spec that names none: Messages for Anthropic; Responses at OpenAI's own address and at Azure's v1 address;
    /// otherwise Chat Completions. The newer models at OpenAI's and Azure's v1 address call tools only through Responses.
    /// </summary>
    public static EndpointProtocol DefaultProtocol(EndpointProvider provider, string? url, AzureApi api) =>
        provider switch
        {
            EndpointProvider.OpenAI when url is null => EndpointProtocol.Responses,
            EndpointProvider.Anthropic => EndpointProtocol.Messages,
            EndpointProvider.AzureOpenAI when api == AzureApi.V1 => EndpointProtocol.Responses,
            _ => EndpointProtocol.Chat,
        };

    /// <summary>The name of the account in the cluster. A default name has colons, which <see cref="Account"/> may not have.</summary>
    public string AccountKey() => Account ?? $"{ProviderName}:{Host}:{Model}";

    /// <summary>The cost of a usage in US dollars; null without a price.</summary>
    public decimal? CostOf(Usage usage) => Price?.Of(usage) * (Batch?.PriceShare ?? 1);

    /// <returns>The first problem, as a sentence that names the value; null if there is none.</returns>
    public string? Problem() => EndpointProblems.Of(this);

    private string ProviderName =>
        Provider switch
        {
            EndpointProvider.OpenAI => "openai",
            EndpointProvider.AzureOpenAI => "azure-openai",
            EndpointProvider.Anthropic => "anthropic",
            _ => "openai-compatible",
        };

    private string Host => Url is { } url ? new Uri(url).Authority : "";
}
