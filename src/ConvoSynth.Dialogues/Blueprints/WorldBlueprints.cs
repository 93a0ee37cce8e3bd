using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Slicing;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Blueprints from the samplers of many worlds: each index is about the world that the spec gives its partition.</summary>
/// <param name="worlds">Domain → its worlds.</param>
/// <param name="excluded">Tasks that must not be sampled; null for none.</param>
public sealed class WorldBlueprints(RunSpec spec, IReadOnlyDictionary<string, PackWorlds> worlds, KnownTasks? excluded = null)
    : IBlueprintSource
{
    private readonly Redraws _redraws = new(excluded);
    private readonly SliceShares? _slices = spec.Slices is { } shares ? SliceShares.Parse(shares) : null;

    /// <summary>The worlds of each pack of a run.</summary>
    /// <param name="known">Domain → seed → data hash, as rows that exist already have it.</param>
    public static IReadOnlyDictionary<string, PackWorlds> Of(
        RunSpec spec,
        IReadOnlyDictionary<string, Pack> packs,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? known = null
    ) =>
        packs.ToDictionary(
            p => p.Key,
            p => new PackWorlds(p.Value, new((ulong)spec.Seed), known?.GetValueOrDefault(p.Key)),
            StringComparer.Ordinal
        );

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken)
    {
        var (own, number) = (worlds[spec.DomainOf(index)], spec.WorldOf(index));
        var sampler = new SlicedSampler(own.SamplerOf(own.Numbered(number)), _slices);
        // A twin shares its family, so both must be about one database.
        var before = spec.TaskOf(index) - spec.Domains.Length;
        var twins = before >= 0 && spec.WorldOf(spec.FirstOf(before)) == number;
        var task = _redraws.Draw(new((ulong)spec.Seed), seed => sampler.Sample(seed, spec.TaskInDomain(index), spec.Combined, twins));
        return new(task with { Index = index });
    }
}
