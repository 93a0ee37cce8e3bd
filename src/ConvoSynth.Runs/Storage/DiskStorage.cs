using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ConvoSynth.Runs.Storage;

/// <summary>The local file system.</summary>
public sealed class DiskStorage : IFileSystem
{
    private const int BufferBytes = 64 << 10;

    // O_CLOEXEC: a program that this one starts does not keep the file open.
    private const int CloseOnExec = 0x80000;
    private const int CloseOnExecOfMac = 0x1000000;

    // EEXIST, on Linux and macOS alike.
    private const int NameTaken = 17;

    public void CreateFolder(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            return;
        StorageError.At(full, () => Directory.CreateDirectory(full));
        if (Path.GetDirectoryName(full) is { } parent)
            SyncFolder(parent);
    }

    public Stream Create(string path) =>
        StorageError.At(path, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes));

    public Stream CreateNew(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new ShardException(ShardError.Busy, $"'{path}' is there already.");
        }
        catch (Exception e) when (StorageError.Is(e))
        {
            throw StorageError.In(path, e);
        }
    }

    public void Sync(Stream stream)
    {
        var file = (FileStream)stream;
        StorageError.At(file.Name, () => file.Flush(flushToDisk: true));
    }

    public Task SyncAsync(Stream stream) => SyncThread.Run(() => Sync(stream));

    public void Rename(string from, string to) => StorageError.At(to, () => File.Move(from, to, overwrite: true));

    public bool TryRename(string from, string to) =>
        StorageError.At(to, () => OperatingSystem.IsWindows() ? Move(from, to) : Link(from, to));

    public void SyncFolder(string path)
    {
        // On Windows a name is durable together with its file. Elsewhere the folder is a file of its own and must be synced.
        if (OperatingSystem.IsWindows())
            return;
        var folder = NativeOpen(path, 0);
        if (folder < 0)
            throw new ShardException(
                ShardError.Storage,
                $"'{path}' cannot be opened to make its names durable (errno {Marshal.GetLastPInvokeError()})."
            );
        try
        {
            // EINVAL means that the file system cannot sync folders; it offers no stronger guarantee.
            if (NativeSync(folder) < 0 && Marshal.GetLastPInvokeError() is var errno && errno != 22)
                throw new ShardException(ShardError.Storage, $"the names in '{path}' cannot be made durable (errno {errno}).");
        }
        finally
        {
            _ = NativeClose(folder);
        }
    }

    public void Delete(string path) =>
        StorageError.At(
            path,
            () =>
            {
                if (File.Exists(path))
                    File.Delete(path);
            }
        );

    public IReadOnlyList<string> List(string folder) => Names(folder, Directory.GetFiles);

    public IReadOnlyList<string> Folders(string folder) => Names(folder, Directory.GetDirectories);

    public bool Exists(string path) => File.Exists(path);

    public bool FolderExists(string path) => Directory.Exists(path);

    public Stream OpenRead(string path) =>
        StorageError.At(
            path,
            () =>
                OpenUnlocked(path)
                ?? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes)
        );

    // On Windows the mode keeps other writers out. Elsewhere it is a lock that only callers of this method ask for.
    public Stream OpenExclusive(string path) =>
        StorageError.At(
            path,
            () =>
                new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None,
                    BufferBytes
                )
        );

    // Elsewhere than on Windows, .NET's own way to open a file locks it: a reader would then keep writers off, and they it.
    private static FileStream? OpenUnlocked(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var file = NativeOpen(path, OperatingSystem.IsMacOS() ? CloseOnExecOfMac : CloseOnExec);
        // What went wrong is told by .NET's own way.
        return file < 0 ? null : new FileStream(new SafeFileHandle(file, ownsHandle: true), FileAccess.Read, BufferBytes);
    }

    private static string[] Names(string folder, Func<string, string[]> list)
    {
        if (!Directory.Exists(folder))
            return [];
        var names = StorageError.At(folder, () => list(folder).Select(path => Path.GetFileName(path)).ToArray());
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    // .NET's own move elsewhere looks whether the name is free and renames then, so that of two writers at once the second would win.
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

    // A second name for the file: the system refuses it if the name is taken. The first name goes afterwards.
    private static bool Link(string from, string to)
    {
        if (NativeLink(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }

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

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeClose(int descriptor);
}
