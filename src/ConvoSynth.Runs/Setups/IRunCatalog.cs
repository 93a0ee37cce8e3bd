using System.Collections.Concurrent;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Setups;

/// <summary>
/// The runs that this silo works on. Messages between grains carry a run's id alone; each silo looks up here what the id stands for. Every
/// silo must come to the same spec and setup, since both decide what rows say. Grains of several threads call it.
/// </summary>
public interface IRunCatalog
{
    /// <exception cref="RunException">This silo cannot work on the run; the sentence says why.</exception>
    RunSpec SpecOf(string runId);

    /// <summary>The same setup at each call. The first call may compile packs, for seconds.</summary>
    /// <exception cref="RunException">This silo cannot work on the run; the sentence says why.</exception>
    RunSetup SetupOf(string runId);
}

/// <summary>The catalog of a process that is told each run's spec, as the silo of a command is.</summary>
public sealed class KnownRuns(IRunSetups setups) : IRunCatalog
{
    private readonly ConcurrentDictionary<string, RunSpec> _specs = new(StringComparer.Ordinal);

    /// <summary>Adds a run before its campaign starts. The first spec of an id stays.</summary>
    public void Add(RunSpec spec) => _specs.TryAdd(spec.RunId, spec);

    public RunSpec SpecOf(string runId) =>
        _specs.GetValueOrDefault(runId) ?? throw new RunException($"this process knows no run \"{runId}\"; add it to the catalog first");

    public RunSetup SetupOf(string runId) => setups.For(SpecOf(runId));
}
