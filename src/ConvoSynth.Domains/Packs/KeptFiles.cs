namespace ConvoSynth.Domains.Packs;

/// <summary>
/// A folder of cache files. An unreadable file counts as missing, and content that could not be written is made again next time.
/// </summary>
internal sealed class KeptFiles(string folder)
{
    /// <summary>The folder of <see cref="ToolCompiler.CacheFolder"/>.</summary>
    public static KeptFiles Shared { get; } = new(ToolCompiler.CacheFolder);

    public byte[]? Read(string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Without the file, its content is computed again.
        }
    }

    /// <summary>Replaces a file atomically: concurrent readers see the old or the new content, never a part.</summary>
    public void Keep(string name, byte[] content)
    {
        // A random name: processes in different containers may share the folder and have the same process id.
        var temporary = Path.Combine(folder, $"{name}.{Path.GetRandomFileName()}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(temporary); // An unwritable folder only costs time.
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // Either the file was never written, or a stray file stays that no code reads.
        }
    }
}
