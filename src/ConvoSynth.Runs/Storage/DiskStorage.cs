using System.Runtime.InteropServices;

namespace ConvoSynth.Runs.Storage;

/// <summary>The local file system.</summary>
public sealed class DiskStorage : IShardStorage
{
    private const int BufferBytes = 64 << 10;

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

    public IReadOnlyList<string> List(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var names = StorageError.At(folder, () => Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).ToArray());
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public bool Exists(string path) => File.Exists(path);

    public Stream OpenRead(string path) =>
        StorageError.At(
            path,
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes)
        );

    public Stream OpenExclusive(string path) =>
        StorageError.At(path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferBytes));

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
