using ConvoSynth.Domains;

namespace ConvoSynth.Endpoint;

/// <summary>A pack and what samples its blueprints: the same for all runs on it, and dear to make.</summary>
public sealed record LoadedPack(Pack Pack, BlueprintSampler Sampler)
{
    public static LoadedPack Of(Pack pack) => new(pack, new(pack));
}
