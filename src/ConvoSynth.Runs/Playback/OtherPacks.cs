using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Runs.Playback;

/// <summary>A run's own inputs, but with the packs of another folder: it applies changed rules to the run's dialogues.</summary>
public sealed class OtherPacks(IRunInputs kept, PackFolders packs) : IRunInputs
{
    public Pack PackOf(RunSpec spec, string domain) => packs.PackOf(spec, domain);

    public PromptSet PromptsOf(RunSpec spec) => kept.PromptsOf(spec);

    public string PathOf(RunSpec spec, string kind, string named) => kept.PathOf(spec, kind, named);

    /// <summary>The spec with the hashes of these packs.</summary>
    /// <param name="changed">The domains whose pack differs from the run's own.</param>
    public static RunSpec Respecified(RunSpec spec, IReadOnlyDictionary<string, Pack> packs, out IReadOnlyList<string> changed)
    {
        var now = spec.Domains.Select(d => (Domain: d, Hash: $"{d} {packs[d].Hash}")).ToArray();
        changed = [.. now.Where(n => !spec.PackHashes.Contains(n.Hash)).Select(n => n.Domain)];
        return spec with
        {
            PackHashes = [.. now.Select(n => n.Hash), .. spec.PackHashes.Where(h => !spec.Domains.Contains(h.Split(' ')[0]))],
        };
    }
}
