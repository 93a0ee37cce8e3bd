using System.Collections.Concurrent;
using ConvoSynth.Cli.Commands;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Cli.Runs;

/// <summary>Makes the setup of a run from its spec: packs, blueprint source, models, checks.</summary>
public sealed class RunSetups(PackFolders folders, TimeProvider time, TimeSpan latency = default) : IRunSetups
{
    private readonly ConcurrentDictionary<string, Lazy<RunSetup>> _setups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Dictionary<string, Pack>>> _packs = new(StringComparer.Ordinal);

    public RunSetup For(RunSpec spec) => _setups.GetOrAdd(spec.RunId, _ => new(() => Make(spec))).Value;

    /// <summary>The packs alone, which takes a fraction of the time of the whole setup.</summary>
    public IReadOnlyDictionary<string, Pack> PacksFor(RunSpec spec) => LoadedFor(spec);

    private Dictionary<string, Pack> LoadedFor(RunSpec spec) =>
        _packs.GetOrAdd(spec.RunId, _ => new(() => spec.Domains.ToDictionary(d => d, d => folders.Load(d, spec.Data), StringComparer.Ordinal))).Value;

    private RunSetup Make(RunSpec spec)
    {
        var packs = LoadedFor(spec);
        return spec.Model switch
        {
            RehearsalModel.ModelName => Rehearsed(spec, packs),
            RecordedSetup.ModelName => RecordedSetup.Make(spec, packs),
            _ => throw Unknown(spec.Model),
        };
    }

    /// <exception cref="CommandException">There is no such model, or it needs what the spec does not have.</exception>
    public static void RequireModel(RunSpec spec)
    {
        if (spec.Model == RecordedSetup.ModelName && spec.Recorded is null) throw new CommandException($"the model {RecordedSetup.ModelName} plays a record: use the command replay");
        if (spec.Model is not (RehearsalModel.ModelName or RecordedSetup.ModelName)) throw Unknown(spec.Model);
    }

    private static CommandException Unknown(string model) => new($"there is no model \"{model}\"; there is {RehearsalModel.ModelName}");

    private RunSetup Rehearsed(RunSpec spec, Dictionary<string, Pack> packs)
    {
        var model = new RehearsalModel(d => packs[d], new() { FaultRate = spec.FaultRate, Latency = latency }, time);
        return new()
        {
            Spec = spec, Packs = packs, Human = model, Agent = model, EarlyStop = spec.StopsEarly, Blueprints = spec.Blueprints is null ? new SampledBlueprints(spec, packs) : ByHandBlueprints.Read(spec, packs[spec.Domains[0]]),
            Verifiers = packs.ToDictionary(p => p.Key, p => Verifier.Default(p.Value), StringComparer.Ordinal),
        };
    }
}

/// <summary>Blueprints from the sampler; the domains of the run take turns.</summary>
internal sealed class SampledBlueprints(RunSpec spec, IReadOnlyDictionary<string, Pack> packs) : IBlueprintSource
{
    private readonly Dictionary<string, BlueprintSampler> _samplers = packs.ToDictionary(p => p.Key, p => new BlueprintSampler(p.Value), StringComparer.Ordinal);

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        new(_samplers[spec.DomainOf(index)].Sample(new Seed((ulong)spec.Seed), index / spec.Domains.Length) with { Index = index });
}
