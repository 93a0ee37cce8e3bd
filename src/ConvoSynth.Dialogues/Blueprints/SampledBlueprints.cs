using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Slicing;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Blueprints from the sampler; the domains of the run take turns.</summary>
/// <param name="samplers">Domain → its sampler. Samplers are independent of runs, so runs may share them.</param>
/// <param name="excluded">Tasks that must not be sampled; null for none.</param>
public sealed class SampledBlueprints(RunSpec spec, IReadOnlyDictionary<string, BlueprintSampler> samplers, KnownTasks? excluded = null)
    : IBlueprintSource
{
    private readonly Redraws _redraws = new(excluded);
    private readonly SliceShares? _slices = spec.Slices is { } shares ? SliceShares.Parse(shares) : null;

    /// <summary>Creates the samplers from the packs.</summary>
    public static IBlueprintSource Of(RunSpec spec, IReadOnlyDictionary<string, Pack> packs, KnownTasks? excluded = null) =>
        Of(spec, SamplersOf(packs), excluded);

    /// <summary>The run's sampled tasks, a share of them recombined where the spec wants it.</summary>
    public static IBlueprintSource Of(RunSpec spec, IReadOnlyDictionary<string, BlueprintSampler> samplers, KnownTasks? excluded = null)
    {
        var sampled = new SampledBlueprints(spec, samplers, excluded);
        return spec.Recombine > 0 ? new RecombinedBlueprints(spec, samplers, sampled, excluded) : sampled;
    }

    /// <summary>Domain → a sampler of its pack.</summary>
    public static Dictionary<string, BlueprintSampler> SamplersOf(IReadOnlyDictionary<string, Pack> packs) =>
        packs.ToDictionary(p => p.Key, p => new BlueprintSampler(p.Value), StringComparer.Ordinal);

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        new(_redraws.Draw(new((ulong)spec.Seed), seed => Sample(seed, index)));

    private Blueprint Sample(Seed seed, long index) =>
        new SlicedSampler(samplers[spec.DomainOf(index)], _slices).Sample(seed, spec.TaskInDomain(index), spec.Combined) with
        {
            Index = index,
        };
}
