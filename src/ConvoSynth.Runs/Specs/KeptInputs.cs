using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Runs.Specs;

/// <summary>
/// The run folder's copies of its inputs: packs with their base tables, prompts, and the files that its spec names. Each must match its
/// hash in the spec, so that a playback uses the original inputs.
/// </summary>
/// <remarks>Inputs load from local files only, so they are copied to a temporary folder, which is removed with this object.</remarks>
public sealed class KeptInputs(RunFolder run) : IRunInputs, IDisposable
{
    private const string FolderName = "inputs";
    internal const string Tables = "tables";

    private readonly Lazy<DirectoryInfo> _unpacked = new(() => Directory.CreateTempSubdirectory("convosynth-packs-"));

    /// <summary>Copies a run's inputs into its folder. Existing copies stay, since a resumed run has them from its beginning.</summary>
    public static void Keep(RunFolder run, RunSetup setup, IRunInputs from)
    {
        foreach (var pack in setup.Packs.Values)
        {
            PackArchive.Write(
                run,
                pack.Hash,
                pack.Sources.Files.Select(f => new PackFile(f.Path, f.Content))
                    .Concat(pack.Base.Tables.Select(t => new PackFile($"{Tables}/{t.Name}.json", TableJson.Of(t))))
            );
        }

        foreach (var (role, text) in setup.Prompts?.Texts ?? new Dictionary<string, string>(StringComparer.Ordinal))
            Keep(PromptPath(run, role), () => Encoding.UTF8.GetBytes(text));
        foreach (var (kind, named) in InputKind.Of(setup.Spec))
            Keep(FilePath(run, kind, named), () => File.ReadAllBytes(from.PathOf(setup.Spec, kind, named)));

        void Keep(string path, Func<byte[]> content)
        {
            if (run.Storage.Exists(path))
                return;
            run.Storage.CreateFolder(Path.Combine(run.Path, FolderName));
            run.Storage.Put(path, content());
        }
    }

    /// <summary>The path of a role's prompt in a run folder.</summary>
    public static string PromptPath(RunFolder run, string role) => Path.Combine(PromptFolder(run), $"{role}.md");

    /// <summary>SHA-256 of a file, in the form of specs.</summary>
    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public Pack PackOf(RunSpec spec, string domain)
    {
        var hash = HashIn(spec, domain);
        var folder = Path.Combine(_unpacked.Value.FullName, domain);
        foreach (var file in PackArchive.Read(run, hash))
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content.Span);
        }

        var pack = PackLoading.Load(folder, Path.Combine(folder, Tables), hash);
        return pack.Hash == hash
            ? pack
            : throw new RunException(
                $"{Path.Combine(run.Packs, hash)}.tar is not the pack {domain} that the run was made with: "
                    + $"its content has the hash {pack.Hash}; restore the file"
            );
    }

    public PromptSet PromptsOf(RunSpec spec)
    {
        PromptSet prompts;
        var folder = Path.Combine(_unpacked.Value.FullName, FolderName, PromptSet.FolderName);
        Directory.CreateDirectory(folder);
        foreach (var name in run.Storage.List(PromptFolder(run)))
            Copy(Path.Combine(PromptFolder(run), name), Path.Combine(folder, name));
        try
        {
            prompts = PromptSet.Load(folder);
        }
        catch (PromptException e)
        {
            throw new RunException(e.Message.Replace(folder, PromptFolder(run), StringComparison.Ordinal));
        }

        return PromptHashes.Changed(spec.PromptHashes, PromptHashes.Of(prompts, spec.Roles)) is [var role, ..]
            ? throw new RunException($"{PromptPath(run, role)} is not the prompt that the run was made with; restore the file")
            : prompts;
    }

    public string PathOf(RunSpec spec, string kind, string named)
    {
        var path = FilePath(run, kind, named);
        if (!run.Storage.Exists(path))
            throw new RunException($"{path} is missing: the run was made from it, and cannot be played again without it");
        var copy = Path.Combine(_unpacked.Value.FullName, FolderName, Path.GetFileName(path));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        Copy(path, copy);
        return HashOf(copy) == HashIn(spec, kind)
            ? copy
            : throw new RunException($"{path} is not the file that the run was made from; restore it");
    }

    public void Dispose()
    {
        if (_unpacked.IsValueCreated)
            _unpacked.Value.Delete(recursive: true);
    }

    private void Copy(string path, string to)
    {
        using var from = run.Storage.OpenRead(path);
        using var file = File.Create(to);
        from.CopyTo(file);
    }

    internal static string PromptFolder(RunFolder run) => Path.Combine(run.Path, FolderName, PromptSet.FolderName);

    private static string FilePath(RunFolder run, string kind, string named) =>
        Path.Combine(run.Path, FolderName, kind + Path.GetExtension(named));

    private string HashIn(RunSpec spec, string name) =>
        spec.PackHashes.Select(h => h.Split(' ')).FirstOrDefault(h => h.Length == 2 && h[0] == name)?[1]
        ?? throw new RunException(
            $"{Path.Combine(run.Path, SpecFile.Name)} has no hash of {name}: nobody can tell what the run was made from"
        );
}
