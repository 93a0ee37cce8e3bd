namespace ConvoSynth.Core.Campaigns;

/// <summary>How an endpoint's requests are gathered and sent as files to the provider's batch API.</summary>
public sealed record BatchSpec
{
    /// <summary>The number of requests that closes a batch at once.</summary>
    /// <value>10,000 by default; 1 to 50,000, which OpenAI and Azure take.</value>
    public int Requests { get; init; } = 10_000;

    /// <summary>Seconds from a batch's first request until it is closed.</summary>
    /// <value>60 by default; 0.1 to 86,400.</value>
    public double Seconds { get; init; } = 60;

    /// <summary>Input tokens that this process keeps enqueued at the provider; a larger batch goes alone.</summary>
    /// <value>2,000,000 by default, OpenAI's limit of the lowest paid tier for small models; from 1,000.</value>
    public long EnqueuedTokens { get; init; } = 2_000_000;

    /// <summary>Seconds between two looks at a batch.</summary>
    /// <value>30 by default; 0.1 to 3,600.</value>
    public double PollSeconds { get; init; } = 30;

    /// <summary>The share of the endpoint's price that a batch costs.</summary>
    /// <value>0.5 by default, as OpenAI and Azure document; 0 to 1.</value>
    public decimal PriceShare { get; init; } = 0.5m;
}
