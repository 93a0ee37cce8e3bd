using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ConvoSynth.Runs.Storage;

/// <summary>Small files that are written once: the first writer wins, and a reader sees the whole file or none.</summary>
internal static class ExclusiveFile
{
    // EEXIST, on Linux and macOS alike.
    private const int NameTaken = 17;

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

    // .NET's own move looks whether the name is free and renames then, so that of two writers at once the second would win.
    private static bool Move(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
            return Link(from, to);
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

    // A second name for the file: the system refuses it if the name is taken. The first name goes afterwards.
    private static bool Link(string from, string to)
    {
        if (NativeLink(from, to) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno == NameTaken
            ? false
            : throw new ShardException(
                ShardError.Storage,
                $"'{to}' cannot be created in one step (errno {errno}): the file system must offer hard links, as ext4, XFS and NFS do."
            );
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeLink([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
