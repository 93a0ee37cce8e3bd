using ConvoSynth.Contracts.Tests.Probes;
using ConvoSynth.Simulation;
using ConvoSynth.Simulation.Runtime;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>
/// The simulator on the test's own thread: everything happens within <see cref="Settle"/>, <see cref="Run"/> and <see cref="Advance"/>.
/// </summary>
public sealed class Simulator : IRuntimeUnderTest, IDisposable
{
    private const int MaxSteps = 1_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    public Simulator()
        : this(null) { }

    internal Simulator(ulong? seed, Func<ClusterOptions, ClusterOptions>? change = null)
    {
        Steps = new(seed);
        // Idle activations end before a call's timeout of half a minute, as on the silo.
        var options = new ClusterOptions
        {
            Time = Clock,
            Scheduler = Steps,
            GrainAssemblies = [typeof(Probe).Assembly],
            CollectionAge = TimeSpan.FromSeconds(10),
            CollectionQuantum = TimeSpan.FromSeconds(1),
        };
        Cluster = SimulatedCluster.Start(
            change?.Invoke(options) ?? options,
            services => services.AddSingleton(Scripts).AddScoped<Scoped>()
        );
    }

    public IClusterClient Grains => Cluster.Client;

    public Scripts Scripts { get; } = new();

    public TimeProvider Time => Clock;

    internal VirtualTime Clock { get; } = new();

    internal SteppedScheduler Steps { get; }

    internal SimulatedCluster Cluster { get; }

    /// <summary>Runs turns until the task completes, and moves the clock when no turn is left.</summary>
    public Task Settle(Task task)
    {
        var end = Clock.GetTimestamp() + Limit.Ticks;
        for (var steps = 0; !task.IsCompleted; steps++)
        {
            if (steps == MaxSteps)
                throw new InvalidOperationException($"The task waits after {MaxSteps} steps.");
            if (Steps.Step() || Clock.FireNext(end))
                continue;
            throw new InvalidOperationException($"The task waits, and nothing is left to do within {Limit}.");
        }

        return task;
    }

    /// <summary>Runs turns until none is left; the clock stands still.</summary>
    public void Run() => Steps.Run();

    /// <summary>Moves the clock timer by timer, and runs the turns after each.</summary>
    public void Advance(TimeSpan time)
    {
        Run();
        for (var end = Clock.GetTimestamp() + time.Ticks; Clock.FireNext(end); )
            Run();
    }

    public void Dispose() => Cluster.Dispose();
}
