using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Blueprints from the samplers of many worlds: each index is about the world that the spec gives its partition.</summary>
/// <param name="worlds">Domain → its worlds.</param>
public sealed class WorldBlueprints(RunSpec spec, IReadOnlyDictionary<string, PackWorlds> worlds) : IBlueprintSource
{
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
        var sampler = own.SamplerOf(own.Numbered(number));
        // A twin shares its family, so both must be about one database.
        var before = index - spec.Domains.Length;
        var twins = before >= 0 && spec.WorldOf(before) == number;
        return new(sampler.Sample(new Seed((ulong)spec.Seed), index / spec.Domains.Length, spec.Combined, twins) with { Index = index });
    }
}
