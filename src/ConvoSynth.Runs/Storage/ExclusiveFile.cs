using System.Security.Cryptography;

namespace ConvoSynth.Runs.Storage;

/// <summary>Small files that are written once: the first writer wins, and a reader sees the whole file or none.</summary>
internal static class ExclusiveFile
{
    /// <returns>False if the file exists; its content is unchanged then.</returns>
    /// <exception cref="ShardException">The folder cannot be written.</exception>
    public static bool TryWrite(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path))
            return false;
        var bytes = content.ToArray();
        var storage = new DiskStorage();
        var folder = Path.GetDirectoryName(path)!;
        storage.CreateFolder(folder);
        // Writers that do not know of each other need names of their own.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
        var isOurs = StorageError.At(
            path,
            () =>
            {
                try
                {
                    using (var stream = storage.CreateNew(temporary))
                    {
                        stream.Write(bytes);
                        storage.Sync(stream);
                    }

                    return Move(temporary, path);
                }
                finally
                {
                    File.Delete(temporary);
                }
            }
        );
        storage.SyncFolder(folder);
        return isOurs;
    }

    // Without overwriting, .NET links the file to its new name, which fails if the name exists.
    private static bool Move(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }
}
