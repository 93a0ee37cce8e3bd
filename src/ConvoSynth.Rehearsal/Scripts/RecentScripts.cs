using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal;

/// <summary>
/// Keeps a script from one role's opening to the other's, which mostly comes right after, so that it is composed once. Only a cache:
/// what is not found is composed again, with the same result. Bounded, without locks; an entry is immutable.
/// </summary>
internal sealed class RecentScripts
{
    private const int Size = 256;

    private readonly Entry?[] _entries = new Entry?[Size];

    /// <summary>The script of this very blueprint and seed, if it is still kept; it is kept no longer then.</summary>
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
