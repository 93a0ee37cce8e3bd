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

    public RunSetup For(RunSpec spec) => _setups.GetOrAdd(spec.RunId, _ => new(() => Make(spec))).Value;

    private RunSetup Make(RunSpec spec)
    {
        var packs = spec.Domains.ToDictionary(d => d, d => folders.Load(d, spec.Data), StringComparer.Ordinal);
        return spec.Model switch
        {
            RehearsalModel.ModelName => Rehearsed(spec, packs),
            RecordedSetup.ModelName => RecordedSetup.Make(spec, packs),
            _ => throw new CommandException($"there is no model \"{spec.Model}\"; there is {RehearsalModel.ModelName}"),
        };
    }

    private RunSetup Rehearsed(RunSpec spec, Dictionary<string, Pack> packs)
    {
        var model = new RehearsalModel(d => packs[d], new() { FaultRate = spec.FaultRate, Latency = latency }, time);
        return new()
        {
            Spec = spec, Packs = packs, Human = model, Agent = model, Blueprints = new SampledBlueprints(spec, packs),
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
