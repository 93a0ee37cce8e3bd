using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Setups;

/// <summary>
/// Locates packs: in the folder of <c>--packs</c> alone, or else in <c>blueprints</c> of the working folder and then beside the program.
/// A user's folder with one pack therefore hides none of the program's own packs.
/// </summary>
public sealed class PackFolders(string? given) : IRunInputs
{
    private static readonly string BesideProgram = Path.Combine(AppContext.BaseDirectory, "blueprints");
    private readonly string[] _roots =
        given is not null ? [given]
        : Directory.Exists("blueprints") ? ["blueprints", BesideProgram]
        : [BesideProgram];

    /// <summary>The folder that is asked first.</summary>
    public string Root => _roots[0];

    /// <summary>The packs' names, in ordinal order.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(Root)
            ? [.. _roots.Where(Directory.Exists).SelectMany(NamesIn).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : throw new RunException($"there is no folder of packs at {Root}; name one with --packs");

    public string FolderOf(string domain) =>
        Names().Contains(domain, StringComparer.Ordinal)
            ? _roots.Select(r => Path.Combine(r, domain)).First(IsPack)
            : throw new RunException($"there is no domain \"{domain}\"; there are {string.Join(", ", Names())} (in {Root})");

    private static IEnumerable<string> NamesIn(string root) =>
        Directory.EnumerateDirectories(root).Where(IsPack).Select(d => Path.GetFileName(d));

    private static bool IsPack(string folder) => File.Exists(Path.Combine(folder, "domain.yaml"));

    public Pack Load(string domain, string? data = null)
    {
        if (data is not null && !Directory.Exists(data))
            throw new RunException($"the data folder {data} does not exist");
        return PackLoading.Load(FolderOf(domain), data);
    }

    public Pack PackOf(RunSpec spec, string domain) => Load(domain, spec.Data);

    public PromptSet PromptsOf(RunSpec spec)
    {
        try
        {
            var own = Path.Combine(Root, PromptSet.FolderName);
            return PromptSet.Load(Directory.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, "blueprints", PromptSet.FolderName));
        }
        catch (PromptException e)
        {
            throw new RunException(e.Message);
        }
    }

    public string PathOf(RunSpec spec, string kind, string named) => named;
}
