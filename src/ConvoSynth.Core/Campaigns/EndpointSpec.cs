using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>Who is behind an endpoint: decides its address and how it is signed in to.</summary>
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

    /// <summary>Anthropic, or a server that speaks its Messages.</summary>
    [JsonStringEnumMemberName("anthropic")]
    Anthropic,
}

/// <summary>The form of requests and responses.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointProtocol>))]
public enum EndpointProtocol
{
    /// <summary>Chat Completions.</summary>
    [JsonStringEnumMemberName("chat")]
    Chat,

    /// <summary>The Responses API.</summary>
    [JsonStringEnumMemberName("responses")]
    Responses,

    /// <summary>Anthropic's Messages.</summary>
    [JsonStringEnumMemberName("messages")]
    Messages,
}

/// <summary>Which of Azure's addresses: the one without a version, or the older one by deployment with <c>api-version</c>.</summary>
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

    /// <summary>Those since the last human message: the calls in between belong to one thought.</summary>
    [JsonStringEnumMemberName("within-tool-loop")]
    WithinToolLoop,

    [JsonStringEnumMemberName("always")]
    Always,
}

/// <summary>US dollars per million tokens.</summary>
/// <param name="CachedInput">Of input tokens that the provider had in its prompt cache; null: as <paramref name="Input"/>.</param>
/// <param name="CacheWrite">Of input tokens that it wrote to its prompt cache; null: as <paramref name="Input"/>.</param>
public sealed record EndpointPrice(decimal Input, decimal Output, decimal? CachedInput = null, decimal? CacheWrite = null)
{
    /// <summary>What a usage costs, in US dollars. Reasoning tokens are part of the output tokens.</summary>
    public decimal Of(Usage usage) =>
        (
            (Input * (usage.InputTokens - usage.CachedTokens - usage.CacheWriteTokens))
            + ((CachedInput ?? Input) * usage.CachedTokens)
            + ((CacheWrite ?? Input) * usage.CacheWriteTokens)
            + (Output * usage.OutputTokens)
        ) / 1_000_000m;
}

/// <summary>A model behind a URL: how it is reached, what it is asked for, what it costs and what it bears.</summary>
public sealed record EndpointSpec
{
    /// <summary>The name that roles, ledger and rows know it by.</summary>
    public required string Name { get; init; }

    public required EndpointProvider Provider { get; init; }

    /// <value><c>chat</c> by default; a spec in YAML that leaves it out has <see cref="DefaultProtocol"/>.</value>
    public EndpointProtocol Protocol { get; init; }

    /// <summary>The model, or with Azure the deployment.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Where it is. For <c>openai</c> and <c>openai-compatible</c> the address before <c>/chat/completions</c>, such as <c>http://localhost:8000/v1</c>; for
    /// <c>azure-openai</c> the resource, such as <c>https://name.openai.azure.com</c>.
    /// </summary>
    /// <value>Null by default: OpenAI's or Anthropic's own address; the other providers need one.</value>
    public string? Url { get; init; }

    /// <summary>For Azure: which address.</summary>
    /// <value><c>v1</c> by default.</value>
    public AzureApi Api { get; init; }

    /// <summary>For Azure's <c>deployments</c> address.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The environment variable that holds the key.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The file that holds the key, and nothing else.</summary>
    public string? KeyFile { get; init; }

    /// <summary>For Azure: signs in by Entra ID instead of a key.</summary>
    public bool Entra { get; init; }

    /// <summary>Null where it is not known; a limit on cost then cannot be kept.</summary>
    public EndpointPrice? Price { get; init; }

    /// <value>Null by default: unlimited.</value>
    public int? RequestsPerMinute { get; init; }

    /// <value>Null by default: unlimited.</value>
    public long? TokensPerMinute { get; init; }

    /// <summary>Requests under way at once.</summary>
    /// <value>Null by default: as many as dialogues are.</value>
    public int? InFlight { get; init; }

    /// <summary>Seconds until a request without an answer is given up and tried again.</summary>
    /// <value>120 by default; 1 to 3600.</value>
    public double TimeoutSeconds { get; init; } = 120;

    /// <summary>Further tries of one request after a failure that may pass.</summary>
    /// <value>6 by default; 0 to 20.</value>
    public int Retries { get; init; } = 6;

    /// <summary>The endpoint that answers while this one's circuit is open.</summary>
    public string? Fallback { get; init; }

    /// <summary>Most tokens that one answer may have, reasoning included. Also what quota is reserved for it.</summary>
    /// <value>2,048 by default; 16 to 1,000,000.</value>
    public int MaxOutputTokens { get; init; } = 2048;

    /// <value>Null by default: the model's own.</value>
    public double? Temperature { get; init; }

    /// <summary>How much a reasoning model reasons, in the provider's word: <c>low</c>, <c>medium</c>, <c>high</c>, ….</summary>
    public string? ReasoningEffort { get; init; }

    /// <value><c>none</c> by default.</value>
    public ReasoningEcho ReasoningEcho { get; init; }

    /// <summary>Whether rows show the reasoning text that the provider gives.</summary>
    /// <value>False by default.</value>
    public bool ReasoningInRows { get; init; }

    /// <summary>Whether the agent may call several tools in one message.</summary>
    /// <value>True by default.</value>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>Whether tool schemas are sent as strict ones, where their form allows it.</summary>
    /// <value>False by default.</value>
    public bool StrictTools { get; init; }

    /// <summary>Lets the provider route requests with the same beginning to the same cache.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The tier that is asked for, such as <c>flex</c>; the ledger says which served.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Fields added to each request body as they are, an object.</summary>
    public Json? Body { get; init; }

    /// <summary>Whether it is the built-in test endpoint: then it is told which dialogue a request belongs to.</summary>
    public bool Rehearsal { get; init; }

    /// <summary>
    /// The protocol where none is named: Responses at OpenAI's own address and at Azure's v1 address, whose newer models call tools there alone; Anthropic's own; else Chat
    /// Completions.
    /// </summary>
    public static EndpointProtocol DefaultProtocol(EndpointProvider provider, string? url, AzureApi api) =>
        provider switch
        {
            EndpointProvider.OpenAI when url is null => EndpointProtocol.Responses,
            EndpointProvider.Anthropic => EndpointProtocol.Messages,
            EndpointProvider.AzureOpenAI when api == AzureApi.V1 => EndpointProtocol.Responses,
            _ => EndpointProtocol.Chat,
        };

    /// <summary>The first thing that is wrong with it, as a sentence that names the value; null where it is sound.</summary>
    public string? Problem() => EndpointProblems.Of(this);
}

/// <summary>Which endpoint plays which role, by name.</summary>
public sealed record RoleEndpoints
{
    public required string Human { get; init; }

    public required string Agent { get; init; }

    /// <summary>Writes the instruction's words; null: the sampler's own words stay.</summary>
    public string? Writer { get; init; }

    /// <summary>Whether the sampler's words stand where the writer's will not do even after its repairs; else the index fails with the reason.</summary>
    /// <value>False by default.</value>
    public bool KeepSampledWords { get; init; }

    /// <summary>The seats of the committee, each an endpoint; empty: no judge.</summary>
    public ImmutableArray<string> Judges { get; init; } = [];

    /// <summary>Candidates for each message of the human, the best of which is chosen; 1 is plain.</summary>
    /// <value>1 by default; 1 to 16. APIGen-MT used 4.</value>
    public int HumanCandidates { get; init; } = 1;

    /// <summary>Every endpoint that a role is played by, in the order of the roles.</summary>
    public IEnumerable<(string Role, string Endpoint)> All()
    {
        yield return ("human", Human);
        yield return ("agent", Agent);
        if (Writer is not null)
            yield return ("writer", Writer);
        foreach (var judge in Judges)
            yield return ("judges", judge);
    }
}
