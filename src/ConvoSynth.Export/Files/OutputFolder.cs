namespace ConvoSynth.Export.Files;

/// <summary>
/// The folder of an export. Its files are written in a folder beside it that gets its name at the end, so no half export stands under a
/// final name.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    /// <summary>Marks a folder that an export has begun; only such a folder is ever cleared.</summary>
    public const string Mark = ".export-begun";

    /// <summary>The report beside the data of an export.</summary>
    public const string ReportName = "export.json";

    private readonly string _final;
    private bool _published;

    /// <exception cref="ExportException">The folder exists and is not empty, or the one beside it is not an earlier export's.</exception>
    public OutputFolder(string path)
    {
        _final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(_final) || (Directory.Exists(_final) && Directory.EnumerateFileSystemEntries(_final).Any()))
            throw new ExportException($"{path} exists already; choose another --out, or remove it");
        Partial = _final + ".partial";
        if (Directory.Exists(Partial))
        {
            if (!File.Exists(Path.Combine(Partial, Mark)))
                throw new ExportException($"{Partial} is in the way, and no export made it; move it elsewhere");
            Directory.Delete(Partial, recursive: true);
        }

        Directory.CreateDirectory(Partial);
        File.WriteAllBytes(Path.Combine(Partial, Mark), []);
    }

    /// <summary>Where files are written until the export is published.</summary>
    public string Partial { get; }

    public FileStream Create(string name)
    {
        var path = Path.Combine(Partial, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
    }

    /// <summary>Gives the export its name.</summary>
    public void Publish()
    {
        File.Delete(Path.Combine(Partial, Mark));
        if (Directory.Exists(_final))
            Directory.Delete(_final);
        Directory.Move(Partial, _final);
        _published = true;
    }

    /// <summary>Removes what a failed or stopped export has written.</summary>
    public void Dispose()
    {
        if (!_published && Directory.Exists(Partial))
            Directory.Delete(Partial, recursive: true);
    }
}
