using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Core.Campaigns;

/// <summary>A try that failed and was followed by another.</summary>
/// <param name="Reason">The ledger's category: <c>429</c>, <c>503</c>, <c>timeout</c>, <c>cut</c>, <c>malformed</c>, ….</param>
/// <param name="Seconds">From sending to the failure.</param>
public sealed record FailedTry(string Endpoint, string Reason, double Seconds);

/// <summary>Usage of one model call: a line of the ledger before summation.</summary>
/// <param name="Role"><c>human</c>, <c>agent</c>, <c>writer</c>, <c>proposer</c>, <c>summarizer</c>, or <c>judge:</c> and the seat.</param>
/// <param name="Endpoint">The endpoint that answered; a fallback may differ from the requested endpoint.</param>
/// <param name="Cost">US dollars; null if the endpoint has no price.</param>
/// <param name="Seconds">From sending to the last byte of the try that answered.</param>
public sealed record ModelCall(string Role, string Endpoint, Usage Usage, decimal? Cost, double Seconds)
{
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];

    /// <summary>The tier that served, as the response states it, such as <c>flex</c>; null if it states none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ServiceTier { get; init; }

    /// <summary>Whether the endpoint reported no tokens, so that <see cref="Usage"/> and <see cref="Cost"/> are estimates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsEstimated { get; init; }
}

/// <summary>Usage of all journaled calls behind a row: both roles, candidates that were not chosen, writer and judges.</summary>
/// <param name="Cost">US dollars; null if any call has no price.</param>
public sealed record PaidUsage(long Calls, long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens, decimal? Cost)
{
    /// <inheritdoc cref="Usage.CacheWriteTokens"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    /// <summary>Calls with estimated tokens, since their endpoint reported none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long EstimatedCalls { get; init; }

    public static PaidUsage Of(ImmutableArray<ModelCall> calls)
    {
        var usage = Usage.None;
        decimal? cost = 0;
        foreach (var call in calls)
            (usage, cost) = (usage + call.Usage, cost + call.Cost);
        return new(calls.Length, usage.InputTokens, usage.CachedTokens, usage.OutputTokens, usage.ReasoningTokens, cost)
        {
            CacheWriteTokens = usage.CacheWriteTokens,
            EstimatedCalls = calls.Count(static c => c.IsEstimated),
        };
    }
}
