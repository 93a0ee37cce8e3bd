using System.Reflection;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Simulation.Runtime.Scheduling;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Options of a simulated cluster. The time limits have Orleans' defaults.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The clock of timers and timeouts.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Runs the activations.</summary>
    public required IGrainScheduler Scheduler { get; init; }

    /// <summary>Sees every posted turn.</summary>
    public IPostObserver? PostObserver { get; init; }

    /// <summary>Loses, duplicates and delays calls.</summary>
    public ICallFates? CallFates { get; init; }

    /// <summary>Assemblies to search for grain classes.</summary>
    public IReadOnlyList<Assembly> GrainAssemblies { get; init; } = [typeof(CampaignGrain).Assembly];

    /// <summary>Number of silos that host activations; at least 1.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>
    /// Picks the silo of a new activation: a number from 0 (inclusive) to the argument (exclusive). The default is round robin.
    /// </summary>
    public Func<int, int>? Placement { get; init; }

    /// <summary>
    /// Maximum activations of a stateless worker per silo, so that a schedule does not depend on the machine's processors.
    /// </summary>
    public int WorkerLimit { get; init; } = int.MaxValue;

    /// <summary>Whether Orleans' serializer writes and reads every request and response, as between two silos.</summary>
    public bool Wire { get; init; }

    /// <summary>How long a caller waits for a response, unless the method has <c>[ResponseTimeout]</c>.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Interval between scans for overdue calls: a call times out at its deadline or up to this much later.</summary>
    public TimeSpan ResponseTimeoutResolution { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Idle time before an activation is collected, unless its class has <c>[CollectionAgeLimit]</c>.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Interval between scans for idle activations.</summary>
    public TimeSpan CollectionQuantum { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Limit on <c>OnActivateAsync</c>.</summary>
    public TimeSpan ActivationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit on <c>OnDeactivateAsync</c>, after which the activation ends without it.</summary>
    public TimeSpan DeactivationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for all activations to end.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
