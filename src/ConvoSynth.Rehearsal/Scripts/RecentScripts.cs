using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>
/// Caches a script between the openings of the two roles, which mostly follow each other, so that it is composed once. A miss composes it
/// again with the same result. Bounded and lock-free; entries are immutable.
/// </summary>
internal sealed class RecentScripts
{
    private const int Size = 256;

    private readonly Entry?[] _entries = new Entry?[Size];

    /// <summary>Removes and returns the script of this blueprint instance and seed; null if it is not cached.</summary>
    public Script? Take(Blueprint blueprint, Seed seed)
    {
        ref var slot = ref _entries[seed.Value % Size];
        var held = Volatile.Read(ref slot);
        if (held is null || held.Seed != seed || !ReferenceEquals(held.Blueprint, blueprint))
            return null;
        Volatile.Write(ref slot, null);
        return held.Script;
    }

    public void Keep(Blueprint blueprint, Seed seed, Script script) =>
        Volatile.Write(ref _entries[seed.Value % Size], new(blueprint, seed, script));

    private sealed record Entry(Blueprint Blueprint, Seed Seed, Script Script);
}
