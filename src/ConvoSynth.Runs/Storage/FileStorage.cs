using System.Security.Cryptography;

namespace ConvoSynth.Runs.Storage;

/// <summary>
/// Run folders in a file system. A file is written under a temporary name, synced and renamed. A log is one file, which is locked for
/// one append.
/// </summary>
public sealed class FileStorage(IFileSystem files) : IRunStorage
{
    public void CreateFolder(string path) => files.CreateFolder(path);

    public void Put(string path, ReadOnlyMemory<byte> content) =>
        StorageError.At(
            path,
            () =>
            {
                var (folder, temporary) = (FolderOf(path), TemporaryOf(path));
                files.CreateFolder(folder);
                Write(files.Create(temporary), content);
                files.Rename(temporary, path);
                files.SyncFolder(folder);
            }
        );

    public bool PutIfAbsent(string path, ReadOnlyMemory<byte> content)
    {
        if (files.Exists(path))
            return false;
        return StorageError.At(
            path,
            () =>
            {
                var folder = FolderOf(path);
                files.CreateFolder(folder);
                // Writers that do not know of each other need names of their own.
                var name = $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
                var temporary = Path.Combine(folder, name);
                var isOurs = false;
                try
                {
                    Write(files.CreateNew(temporary), content);
                    isOurs = files.TryRename(temporary, path);
                }
                finally
                {
                    if (!isOurs)
                        files.Delete(temporary);
                }

                files.SyncFolder(folder);
                return isOurs;
            }
        );
    }

    public IUpload Upload(string path) => new FileUpload(files, path, TemporaryOf(path));

    public LogReading OpenLog(string path, long? upTo = null)
    {
        if (!files.Exists(path))
            return new(new MemoryStream([], writable: false), () => LogPosition.Start);
        var stream = files.OpenRead(path);
        var length = StorageError.At(path, () => stream.Length);
        return new(stream, () => new(length));
    }

    public LogPosition? Append(string path, LogPosition after, ReadOnlyMemory<byte> entry) =>
        StorageError.At<LogPosition?>(
            path,
            () =>
            {
                using var stream = files.OpenExclusive(path);
                if (!TryWrite(stream, after, entry.Span))
                    return null;
                files.Sync(stream);
                return Appended(path, after, entry.Length);
            }
        );

    public async Task<LogPosition?> AppendAsync(string path, LogPosition after, ReadOnlyMemory<byte> entry)
    {
        try
        {
            using var stream = files.OpenExclusive(path);
            if (!TryWrite(stream, after, entry.Span))
                return null;
            await files.SyncAsync(stream);
            return Appended(path, after, entry.Length);
        }
        catch (Exception e) when (StorageError.Is(e))
        {
            throw StorageError.In(path, e);
        }
    }

    public IReadOnlyList<string> ListLogs(string folder) => files.List(folder);

    public Task<bool> LogExistsAsync(string path) => Task.FromResult(files.Exists(path));

    public void Delete(string folder, IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
            files.Delete(Path.Combine(folder, name));
        // A name that reappears after a power loss would look like a file of the run to programs that read folders.
        if (names.Count > 0)
            files.SyncFolder(folder);
    }

    public IReadOnlyList<string> List(string folder) => files.List(folder);

    public IReadOnlyList<string> Folders(string folder) => files.Folders(folder);

    public bool Exists(string path) => files.Exists(path);

    public bool FolderExists(string path) => files.FolderExists(path);

    public bool CanHold(string path) => files.FolderExists(path);

    public Stream OpenRead(string path) => files.OpenRead(path);

    /// <returns>False if the log is no longer as the caller knows it. Only a caller with the lock can tell.</returns>
    private static bool TryWrite(Stream stream, LogPosition after, ReadOnlySpan<byte> entry)
    {
        if (stream.Length != after.Number + after.Torn.Length)
            return false;
        stream.Position = after.Number;
        if (!after.Torn.IsEmpty)
        {
            var there = new byte[after.Torn.Length];
            stream.ReadExactly(there);
            if (!after.Torn.Span.SequenceEqual(there))
                return false;
            stream.SetLength(after.Number);
            stream.Position = after.Number;
        }

        stream.Write(entry);
        return true;
    }

    private LogPosition Appended(string path, LogPosition after, int bytes)
    {
        // Its creator may have died between the file and its name.
        if (!after.IsOwn)
            files.SyncFolder(FolderOf(path));
        return new(after.Number + bytes) { IsOwn = true };
    }

    private void Write(Stream stream, ReadOnlyMemory<byte> content)
    {
        using (stream)
        {
            stream.Write(content.Span);
            files.Sync(stream);
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!;

    private static string TemporaryOf(string path) => Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}.tmp");
}
