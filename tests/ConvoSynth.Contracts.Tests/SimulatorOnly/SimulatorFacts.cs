using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;
using ConvoSynth.Simulation.Runtime;
using ConvoSynth.Simulation.Runtime.Scheduling;

namespace ConvoSynth.Contracts.Tests.SimulatorOnly;

/// <summary>Facts of the simulator alone: nothing advances without the test, and a test can plant failures.</summary>
public abstract class SimulatorFacts : IDisposable
{
    private readonly List<Simulator> _simulators = [];

    public void Dispose()
    {
        foreach (var simulator in _simulators)
            simulator.Dispose();
        GC.SuppressFinalize(this);
    }

    internal (Simulator Simulator, Script Script) Begin(Func<ClusterOptions, ClusterOptions>? change = null, ulong? seed = null)
    {
        var simulator = new Simulator(seed, change);
        _simulators.Add(simulator);
        return (simulator, simulator.Scripts.New());
    }

    internal static IPlainProbe Plain(Simulator simulator, Script script, string name = "a") =>
        simulator.Grains.GetGrain<IPlainProbe>(script.Key(name));

    internal static IWorkerProbe Worker(Simulator simulator, Script script, string name = "a") =>
        simulator.Grains.GetGrain<IWorkerProbe>(script.Key(name));

    /// <summary>The result of the call after all turns have run; the clock stands still.</summary>
    internal static string Result(Simulator simulator, Task<string> call)
    {
        simulator.Run();
        call.IsCompletedSuccessfully.Should().BeTrue(call.Exception?.ToString());
#pragma warning disable VSTHRD002 // It has completed, so this does not block.
        return call.Result;
#pragma warning restore VSTHRD002
    }

    /// <summary>The exception of the call after all turns have run; the clock stands still.</summary>
    internal static Exception Failure(Simulator simulator, Task call)
    {
        simulator.Run();
        call.IsCompleted.Should().BeTrue();
        call.IsCompletedSuccessfully.Should().BeFalse();
        return call.IsCanceled ? new TaskCanceledException(call) : call.Exception!.InnerException!;
    }

    internal sealed class Fates(Func<GrainId?, GrainId, string, CallFate> decide) : ICallFates
    {
        public CallFate FateOf(GrainId? sender, GrainId target, string method) => decide(sender, target, method);
    }
}
