namespace ConvoSynth.Domains.Tests.Slicing;

/// <summary>A shipped pack in a folder of its own, in which a test changes files.</summary>
internal sealed class CopiedPack : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("convosynth");

    public CopiedPack(string domain)
    {
        var from = RepositoryRoot.At("blueprints", domain);
        Path = System.IO.Path.Combine(_root.FullName, domain);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public string Path { get; }

    public void Dispose() => _root.Delete(recursive: true);
}
