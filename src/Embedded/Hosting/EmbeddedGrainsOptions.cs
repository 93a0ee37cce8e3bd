using System.Reflection;
using System.Text.Json;
using ConvoSynth.Embedded.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Embedded;

/// <summary>How grains run in this process.</summary>
public sealed class EmbeddedGrainsOptions
{
    /// <summary>Where grain classes are looked for. At least one.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>How long a caller waits for a response, where the method has no <c>[ResponseTimeout]</c>.</summary>
    /// <value>Default 30 s, as in Orleans. More than zero.</value>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How far apart the looks at overdue calls are: a call times out at its deadline or up to this much later.</summary>
    /// <value>Default 250 ms. More than zero.</value>
    public TimeSpan ResponseTimeoutResolution { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an activation is unused before it is collected.</summary>
    /// <value>Default 15 min, as in Orleans. More than zero; <see cref="Timeout.InfiniteTimeSpan"/> for never.</value>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How far apart the looks for idle activations are.</summary>
    /// <value>Default 1 min, as in Orleans. More than zero.</value>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long <c>OnActivateAsync</c> may take.</summary>
    /// <value>Default 30 s, as in Orleans. More than zero.</value>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <c>OnDeactivateAsync</c> may take before the activation ends without it.</summary>
    /// <value>Default 30 s, as in Orleans. More than zero.</value>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for all activations to end.</summary>
    /// <value>Default 30 s. Zero or more.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of timers and timeouts.</summary>
    /// <value>Default: the <see cref="System.TimeProvider"/> among the services, or else the system's.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>What runs activations.</summary>
    /// <value>Default: the thread pool.</value>
    public IGrainScheduler Scheduler { get; set; } = new ThreadPoolGrainScheduler();

    /// <summary>Told of every turn posted.</summary>
    /// <value>Default: none.</value>
    public IPostObserver? PostObserver { get; set; }

    /// <summary>Loses and doubles calls, for tests.</summary>
    /// <value>Default: none; every call and every response arrives.</value>
    public ICallFates? CallFates { get; set; }

    /// <summary>
    /// Turns wire mode on: every argument, result and exception is written as JSON and read back, and what would not survive a wire
    /// fails its call.
    /// </summary>
    /// <value>Default: null, off; arguments and results pass as they are.</value>
    public JsonSerializerOptions? Wire { get; set; }

    internal void Validate()
    {
        if (GrainAssemblies.Count == 0)
            throw new OrleansConfigurationException($"{nameof(GrainAssemblies)} is empty: add the assembly that holds the grain classes.");
        if (Scheduler.TurnsPerSlice < 1)
            throw new OrleansConfigurationException($"{nameof(IGrainScheduler.TurnsPerSlice)} is {Scheduler.TurnsPerSlice}: it must be at least 1.");
        Positive(ResponseTimeout, nameof(ResponseTimeout));
        Positive(ResponseTimeoutResolution, nameof(ResponseTimeoutResolution));
        Positive(CollectionQuantum, nameof(CollectionQuantum));
        Positive(ActivationTimeout, nameof(ActivationTimeout));
        Positive(DeactivationTimeout, nameof(DeactivationTimeout));
        if (CollectionAge != Timeout.InfiniteTimeSpan)
            Positive(CollectionAge, nameof(CollectionAge));
        if (StopTimeout < TimeSpan.Zero)
            throw new OrleansConfigurationException($"{nameof(StopTimeout)} is {StopTimeout}: it must not be negative.");
    }

    private static void Positive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero)
            throw new OrleansConfigurationException($"{name} is {value}: it must be more than zero.");
    }
}
