using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Blueprints from the sampler; the domains of the run take turns.</summary>
/// <param name="samplers">Domain → its sampler. Samplers are independent of runs, so runs may share them.</param>
public sealed class SampledBlueprints(RunSpec spec, IReadOnlyDictionary<string, BlueprintSampler> samplers) : IBlueprintSource
{
    /// <summary>Creates the samplers from the packs.</summary>
    public static SampledBlueprints Of(RunSpec spec, IReadOnlyDictionary<string, Pack> packs) =>
        new(spec, packs.ToDictionary(p => p.Key, p => new BlueprintSampler(p.Value), StringComparer.Ordinal));

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        new(
            samplers[spec.DomainOf(index)].Sample(new Seed((ulong)spec.Seed), index / spec.Domains.Length, spec.Combined) with
            {
                Index = index,
            }
        );
}
