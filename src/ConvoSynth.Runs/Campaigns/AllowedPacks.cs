using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>
/// The inputs of a run on a silo. Prompts and files come from the run folder. A pack is code, and more people may write to a run folder
/// than may decide what a silo executes: its code comes from the silo's own folders of packs, and only its tables from the run.
/// </summary>
/// <param name="allowed">The packs that this silo may run.</param>
internal sealed class AllowedPacks(RunFolder run, KeptInputs kept, PackFolders allowed) : IRunInputs
{
    /// <exception cref="RunException">The silo has no such pack, or another version of it.</exception>
    public Pack PackOf(RunSpec spec, string domain)
    {
        var hash = HashIn(spec, domain);
        if (!allowed.Names().Contains(domain, StringComparer.Ordinal))
            throw new RunException(
                $"the pack {domain} is not among the packs that this silo may run ({string.Join(", ", allowed.Names())} in "
                    + $"{allowed.Root}); put it there, or start the silo with --packs"
            );
        var pack = spec.Data is null ? allowed.Load(domain) : WithTablesOf(hash, domain);
        return pack.Hash == hash
            ? pack
            : throw new RunException(
                $"the pack {domain} in {allowed.FolderOf(domain)} has the hash {pack.Hash[..12]}, and the run {spec.RunId} was "
                    + $"submitted with {hash[..Math.Min(12, hash.Length)]}; give this silo the pack of the run"
            );
    }

    public PromptSet PromptsOf(RunSpec spec) => kept.PromptsOf(spec);

    public string PathOf(RunSpec spec, string kind, string named) => kept.PathOf(spec, kind, named);

    private Pack WithTablesOf(string hash, string domain)
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-tables-");
        try
        {
            foreach (
                var file in PackArchive.Read(run, hash).Where(f => f.Path.StartsWith(KeptInputs.Tables + "/", StringComparison.Ordinal))
            )
                File.WriteAllBytes(Path.Combine(folder.FullName, Path.GetFileName(file.Path)), file.Content.Span);
            return PackLoading.Load(allowed.FolderOf(domain), folder.FullName, hash);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string HashIn(RunSpec spec, string domain) =>
        spec.PackHashes.Select(h => h.Split(' ')).FirstOrDefault(h => h.Length == 2 && h[0] == domain)?[1]
        ?? throw new RunException($"the run {spec.RunId} has no hash of the pack {domain}: submit it again");
}
