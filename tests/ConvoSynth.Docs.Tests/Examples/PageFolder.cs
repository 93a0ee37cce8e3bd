using System.Globalization;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>
/// A folder with what the reader of a page has: packs, specs, the run of <c>make run</c>, and files that the page asks for by name.
/// </summary>
internal sealed class PageFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("documented-page-");

    public PageFolder(DemoRun demo, Document page)
    {
        Copy(Repository.At("blueprints"), At("blueprints"));
        Copy(Repository.At("infra"), At("infra"));
        Directory.CreateDirectory(At("runs"));
        Directory.CreateSymbolicLink(At("runs", "demo"), demo.Folder);
        foreach (var (name, text) in PackTests.Files(page))
            Write(text, "mypacks", "loans", name);
        if (!page.Text.Contains("tasks.json", StringComparison.Ordinal))
            return;
        Write(ForeignFiles.Tasks, "tasks.json");
        Write(ForeignFiles.Results, "results.json");
        foreach (var (table, text) in ForeignFiles.Tables)
            Write(text, "data", "retail", $"{table}.json");
    }

    public string Root => _folder.FullName;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Lets every spec name the port of a test endpoint in place of that of the page.</summary>
    public void Redirect(string documentedPort, Uri endpoint)
    {
        foreach (var spec in Directory.EnumerateFiles(At("infra", "specs")))
            File.WriteAllText(
                spec,
                File.ReadAllText(spec)
                    .Replace($":{documentedPort}/", $":{endpoint.Port.ToString(CultureInfo.InvariantCulture)}/", StringComparison.Ordinal)
            );
    }

    // The link to the demonstration run goes first, so that the run itself stays.
    public void Dispose()
    {
        Directory.Delete(At("runs", "demo"));
        _folder.Delete(recursive: true);
    }

    private void Write(string text, params string[] parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(parts))!);
        File.WriteAllText(At(parts), text);
    }

    /// <summary>Copies a folder with all that is in it.</summary>
    internal static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
