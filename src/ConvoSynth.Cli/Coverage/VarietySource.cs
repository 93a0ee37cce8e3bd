using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Cli.Coverage;

/// <summary>Tasks as a run samples them, each a function of its index.</summary>
internal sealed class VarietySource(Pack pack, SampledTasks sampled)
{
    private readonly Seed _seed = new((ulong)sampled.Seed);
    private readonly BlueprintSampler? _own = sampled.Worlds > 1 ? null : new(pack);
    private readonly PackWorlds? _worlds = sampled.Worlds > 1 ? new(pack, new((ulong)sampled.Seed)) : null;

    /// <summary>Reads that the sampler dropped so far from plans.</summary>
    public long Dropped => _own?.DroppedReads ?? _worlds!.DroppedReads;

    /// <summary>The task of an index; null if none can be made.</summary>
    public Blueprint? At(long index)
    {
        try
        {
            if (_worlds is null)
                return _own!.Sample(_seed, index, sampled.Combined);
            var sampler = _worlds.SamplerOf(_worlds.Numbered(sampled.WorldOf(index)));
            // A twin shares its family, so both must be about one database.
            var twins = index > 0 && sampled.WorldOf(index) == sampled.WorldOf(index - 1);
            return sampler.Sample(_seed, index, sampled.Combined, twins);
        }
        catch (BlueprintException)
        {
            // Counted: the plain coverage names these.
            return null;
        }
    }
}
