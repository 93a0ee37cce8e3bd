using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Forecasts;

/// <summary>What a forecast cannot measure without calling a model.</summary>
public sealed record ForecastAssumptions
{
    /// <summary>Seconds from a request to the first token of its answer.</summary>
    /// <value>1 by default; 0 to 600.</value>
    public double Latency { get; init; } = 1;

    /// <summary>Tokens a second of one answer.</summary>
    /// <value>60 by default; 1 to 100,000.</value>
    public double TokensPerSecond { get; init; } = 60;

    /// <summary>Tokens of reasoning in each answer. Providers charge them as output.</summary>
    /// <value>0 by default, since scripts do not think; at most 1,000,000.</value>
    public long ReasoningTokens { get; init; }

    /// <summary>Processors that play and verify dialogues.</summary>
    /// <value>Those of this machine by default; 1 to 100,000.</value>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <returns>The first problem, as a sentence that names the value; null if there is none.</returns>
    public string? Problem() =>
        new Bounds<double>(0, 600).Problem("the latency", Latency)
        ?? new Bounds<double>(1, 100_000).Problem("the number of tokens a second", TokensPerSecond)
        ?? new Bounds<long>(0, 1_000_000).Problem("the number of reasoning tokens", ReasoningTokens)
        ?? new Bounds<int>(1, 100_000).Problem("the number of cores", Cores);
}
