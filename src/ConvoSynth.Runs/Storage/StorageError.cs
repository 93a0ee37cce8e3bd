namespace ConvoSynth.Runs.Storage;

/// <summary>Distinguishes a full disk, a read-only folder and any other failure of the file system.</summary>
internal static class StorageError
{
    // errno on Linux and macOS (which .NET passes on as HResult), and the Windows codes.
    private static readonly int[] Full = [28, 69, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];
    private const int ReadOnlyFileSystem = 30;

    /// <summary>Whether an exception comes from the file system and is not yet a <see cref="ShardException"/>.</summary>
    public static bool Is(Exception e) => e is (IOException or UnauthorizedAccessException) and not ShardException;

    public static ShardException In(string path, Exception e)
    {
        if (e is ShardException told)
            return told;
        if (e is UnauthorizedAccessException || e.HResult == ReadOnlyFileSystem)
            return new ShardException(
                ShardError.ReadOnly,
                $"'{path}' cannot be written: the folder or file is read-only for this user.",
                e
            );
        if (Full.Contains(e.HResult))
            return new ShardException(
                ShardError.DiskFull,
                $"'{path}' cannot be written: the disk is full; free space and resume, what was committed is kept.",
                e
            );
        if (Locked.Contains(e.HResult))
            return new ShardException(ShardError.Busy, $"'{path}' is held by {LockHolder.Of(path)} at this moment.", e);
        return new ShardException(ShardError.Storage, $"'{path}': {e.Message}", e);
    }

    public static T At<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Is(e))
        {
            throw In(path, e);
        }
    }

    public static void At(string path, Action work) =>
        At(
            path,
            () =>
            {
                work();
                return true;
            }
        );
}
