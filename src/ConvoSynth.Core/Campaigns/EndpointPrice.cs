using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Core.Campaigns;

/// <summary>US dollars per million tokens.</summary>
/// <param name="CachedInput">For input tokens read from the provider's prompt cache; null: as <paramref name="Input"/>.</param>
/// <param name="CacheWrite">For input tokens written to the provider's prompt cache; null: as <paramref name="Input"/>.</param>
public sealed record EndpointPrice(decimal Input, decimal Output, decimal? CachedInput = null, decimal? CacheWrite = null)
{
    /// <summary>The cost of a usage in US dollars. Output tokens include reasoning tokens.</summary>
    public decimal Of(Usage usage) =>
        (
            (Input * (usage.InputTokens - usage.CachedTokens - usage.CacheWriteTokens))
            + ((CachedInput ?? Input) * usage.CachedTokens)
            + ((CacheWrite ?? Input) * usage.CacheWriteTokens)
            + (Output * usage.OutputTokens)
        ) / 1_000_000m;
}
