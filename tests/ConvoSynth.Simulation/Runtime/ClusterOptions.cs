using System.Reflection;
using ConvoSynth.Grains;
using ConvoSynth.Simulation.Runtime.Scheduling;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>How a simulated cluster runs. The time limits have Orleans' defaults.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The clock of timers and timeouts.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What runs activations.</summary>
    public required IGrainScheduler Scheduler { get; init; }

    /// <summary>Told of every turn posted.</summary>
    public IPostObserver? PostObserver { get; init; }

    /// <summary>Loses, doubles and delays calls.</summary>
    public ICallFates? CallFates { get; init; }

    /// <summary>Where grain classes are looked for.</summary>
    public IReadOnlyList<Assembly> GrainAssemblies { get; init; } = [typeof(CampaignGrain).Assembly];

    /// <summary>How many silos host activations; at least 1.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Picks the silo of a new activation, from 0 up to the number that it is given. The default takes them in turn.</summary>
    public Func<int, int>? Placement { get; init; }

    /// <summary>
    /// The most workers that a stateless worker has on one silo, so that a schedule does not depend on the machine's processors.
    /// </summary>
    public int WorkerLimit { get; init; } = int.MaxValue;

    /// <summary>Whether every request and response is written by Orleans' serializer and read back, as between two silos.</summary>
    public bool Wire { get; init; }

    /// <summary>How long a caller waits for a response, where the method has no <c>[ResponseTimeout]</c>.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far apart the looks at overdue calls are: a call times out at its deadline or up to this much later.</summary>
    public TimeSpan ResponseTimeoutResolution { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an activation is unused before it is collected, where its class has no <c>[CollectionAgeLimit]</c>.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How far apart the looks for idle activations are.</summary>
    public TimeSpan CollectionQuantum { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long <c>OnActivateAsync</c> may take.</summary>
    public TimeSpan ActivationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <c>OnDeactivateAsync</c> may take before the activation ends without it.</summary>
    public TimeSpan DeactivationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for all activations to end.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
