namespace ConvoSynth.Domains;

/// <summary>A folder of files that only save time: one that cannot be read is as good as missing, and one that cannot be written is made again.</summary>
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
            return null; // Without the file its content is worked out again.
        }
    }

    /// <summary>Puts a file in place whole: who reads meanwhile sees the old one or this one.</summary>
    public void Keep(string name, byte[] content)
    {
        // A name of its own: another process that shares the folder may have the same id, as the first of every container has.
        var temporary = Path.Combine(folder, $"{name}.{Path.GetRandomFileName()}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(temporary); // An unwritable folder costs time, nothing else.
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
            return; // What cannot be removed was not written, or stays as a stray file that nobody reads.
        }
    }
}
