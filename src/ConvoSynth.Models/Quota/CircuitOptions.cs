namespace ConvoSynth.Models;

/// <summary>When an endpoint counts as away, and for how long nothing is sent to it then.</summary>
public sealed record CircuitOptions
{
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
}
