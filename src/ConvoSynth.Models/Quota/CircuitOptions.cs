using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Quota;

/// <summary>When an endpoint counts as away, and for how long nothing is sent to it then.</summary>
public sealed record CircuitOptions
{
    // Seconds.
    private static readonly Bounds<double> Moments = new(0.5, 86_400);

    /// <summary>The share of failed requests that opens the circuit.</summary>
    /// <value>0.5 by default; above 0, at most 1.</value>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>The sampling window of the failure ratio.</summary>
    /// <value>30 s by default; 0.5 s to 1 day.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The minimum number of requests in the window for the ratio to count.</summary>
    /// <value>20 by default; at least 2.</value>
    public int LeastRequests { get; init; } = 20;

    /// <summary>How long the circuit stays open; then one trial request decides.</summary>
    /// <value>5 s by default; 0.5 s to 1 day.</value>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a request waits for the circuit to close before it fails, if there is no fallback. Waiting consumes no try.
    /// </summary>
    /// <value>2 min by default; zero fails at once.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What is wrong with the options, as a sentence; null if they are valid.</summary>
    public string? Problem() =>
        FailureRatio is not (> 0 and <= 1) ? $"the circuit's failure ratio is {FailureRatio}; it must be above 0 and at most 1"
        : LeastRequests < 2 ? $"the circuit counts from {LeastRequests} requests on; it must be from 2 on"
        : Moments.Problem("the circuit's window in seconds", Window.TotalSeconds)
            ?? Moments.Problem("the circuit's break in seconds", Break.TotalSeconds)
            ?? (Patience < TimeSpan.Zero ? $"the patience with an open circuit is {Patience}; it must be 0 or more" : null);
}
