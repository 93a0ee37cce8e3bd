using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Specs;

/// <summary>Parses endpoints and roles.</summary>
internal static class EndpointReading
{
    // The variable that Anthropic's own programs use.
    private const string AnthropicKey = "ANTHROPIC_API_KEY";

    public static EndpointSpec Endpoint(YamlPart part)
    {
        part.Only(
            "name",
            "provider",
            "protocol",
            "model",
            "url",
            "api",
            "api_version",
            "key_variable",
            "key_file",
            "entra",
            "price",
            "account",
            "requests_per_minute",
            "tokens_per_minute",
            "in_flight",
            "timeout_seconds",
            "retries",
            "fallback",
            "max_output_tokens",
            "temperature",
            "reasoning_effort",
            "reasoning_echo",
            "reasoning_in_rows",
            "parallel_tool_calls",
            "strict_tools",
            "prompt_cache_key",
            "service_tier",
            "batch",
            "body",
            "rehearsal"
        );
        var defaults = new EndpointSpec
        {
            Name = "",
            Provider = default,
            Model = "",
        };
        var provider =
            part.Require("provider")
                ?.OneOf(
                    ("openai", EndpointProvider.OpenAI),
                    ("azure-openai", EndpointProvider.AzureOpenAI),
                    ("openai-compatible", EndpointProvider.OpenAICompatible),
                    ("anthropic", EndpointProvider.Anthropic)
                )
            ?? default;
        var isAnthropic = provider == EndpointProvider.Anthropic;
        var url = part["url"]?.Text;
        var api = part["api"]?.OneOf(("v1", AzureApi.V1), ("deployments", AzureApi.Deployments)) ?? defaults.Api;
        return defaults with
        {
            Name = part.Require("name")?.Text ?? "",
            Provider = provider,
            Protocol =
                part["protocol"]
                    ?.OneOf(
                        ("chat", EndpointProtocol.Chat),
                        ("responses", EndpointProtocol.Responses),
                        ("messages", EndpointProtocol.Messages)
                    ) ?? EndpointSpec.DefaultProtocol(provider, url, api),
            Model = part.Require("model")?.Text ?? "",
            Url = url,
            Api = api,
            ApiVersion = part["api_version"]?.Text,
            KeyVariable = part["key_variable"]?.Text ?? (isAnthropic && part["key_file"] is null ? AnthropicKey : null),
            KeyFile = part["key_file"]?.Text,
            Entra = part.FlagOf("entra"),
            Price = part["price"] is { } price ? Price(price) : null,
            Account = part["account"]?.Text,
            RequestsPerMinute = part["requests_per_minute"]?.Whole32(),
            TokensPerMinute = part["tokens_per_minute"]?.Whole(),
            InFlight = part["in_flight"]?.Whole32(),
            TimeoutSeconds = part["timeout_seconds"]?.Fraction() ?? defaults.TimeoutSeconds,
            Retries = part.IntOf("retries", defaults.Retries),
            Fallback = part["fallback"]?.Text,
            MaxOutputTokens = part.IntOf("max_output_tokens", defaults.MaxOutputTokens),
            Temperature = part["temperature"]?.Fraction(),
            ReasoningEffort = part["reasoning_effort"]?.Text,
            ReasoningEcho =
                part["reasoning_echo"]
                    ?.OneOf(
                        ("none", ReasoningEcho.None),
                        ("within-tool-loop", ReasoningEcho.WithinToolLoop),
                        ("always", ReasoningEcho.Always)
                    ) ?? (isAnthropic ? ReasoningEcho.Always : defaults.ReasoningEcho),
            ReasoningInRows = part.FlagOf("reasoning_in_rows"),
            ParallelToolCalls = part["parallel_tool_calls"] is null ? defaults.ParallelToolCalls : part.FlagOf("parallel_tool_calls"),
            StrictTools = part.FlagOf("strict_tools"),
            PromptCacheKey = part["prompt_cache_key"]?.Text,
            ServiceTier = part["service_tier"]?.Text,
            Batch = part["batch"] is { } batch ? Batch(part, batch) : null,
            Body = Body(part["body"]),
            Rehearsal = part.FlagOf("rehearsal"),
        };
    }

    private static EndpointPrice Price(YamlPart part)
    {
        part.Only("input", "cached_input", "cache_write", "output");
        return new(
            part.Require("input")?.Amount() ?? 0,
            part.Require("output")?.Amount() ?? 0,
            part["cached_input"]?.Amount(),
            part["cache_write"]?.Amount()
        );
    }

    private static BatchSpec? Batch(YamlPart endpoint, YamlPart part)
    {
        var defaults = new BatchSpec();
        if (!part.IsMap)
            return endpoint.FlagOf("batch") ? defaults : null;
        part.Only("requests", "seconds", "enqueued_tokens", "poll_seconds", "price_share");
        return new()
        {
            Requests = part.IntOf("requests", defaults.Requests),
            Seconds = part["seconds"]?.Fraction() ?? defaults.Seconds,
            EnqueuedTokens = part["enqueued_tokens"]?.Whole() ?? defaults.EnqueuedTokens,
            PollSeconds = part["poll_seconds"]?.Fraction() ?? defaults.PollSeconds,
            PriceShare = part["price_share"]?.Amount() ?? defaults.PriceShare,
        };
    }

    private static Json? Body(YamlPart? part)
    {
        if (part is null)
            return null;
        if (!part.IsMap)
            part.Fail("\"body\" is an object: the fields that are added to each request");
        return part.Json;
    }
}
