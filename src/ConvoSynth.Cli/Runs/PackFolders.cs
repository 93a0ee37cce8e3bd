using ConvoSynth.Cli.Commands;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Cli.Runs;

/// <summary>Locates packs: <c>--packs</c>, else <c>blueprints</c> in the working folder, else the ones beside the program.</summary>
public sealed class PackFolders(string? given) : IRunInputs
{
    public string Root { get; } =
        given ?? (Directory.Exists("blueprints") ? "blueprints" : Path.Combine(AppContext.BaseDirectory, "blueprints"));

    /// <summary>The packs' names, in ordinal order.</summary>
    public IReadOnlyList<string> Names() =>
        !Directory.Exists(Root)
            ? throw new CommandException($"there is no folder of packs at {Root}; name one with --packs")
            :
            [
                .. Directory
                    .EnumerateDirectories(Root)
                    .Where(d => File.Exists(Path.Combine(d, "domain.yaml")))
                    .Select(d => Path.GetFileName(d))
                    .Order(StringComparer.Ordinal),
            ];

    public string FolderOf(string domain) =>
        Names().Contains(domain, StringComparer.Ordinal)
            ? Path.Combine(Root, domain)
            : throw new CommandException($"there is no domain \"{domain}\"; there are {string.Join(", ", Names())} (in {Root})");

    public Pack Load(string domain, string? data = null)
    {
        if (data is not null && !Directory.Exists(data))
            throw new CommandException($"the data folder {data} does not exist");
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
            throw new CommandException(e.Message);
        }
    }

    public string PathOf(RunSpec spec, string kind, string named) => named;
}
