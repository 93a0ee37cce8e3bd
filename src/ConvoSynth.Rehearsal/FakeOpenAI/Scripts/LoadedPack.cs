using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>A pack with its blueprint sampler: shared by all runs on it, and expensive to create.</summary>
public sealed record LoadedPack(Pack Pack, BlueprintSampler Sampler)
{
    public static LoadedPack Of(Pack pack) => new(pack, new(pack));
}
