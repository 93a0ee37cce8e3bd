namespace ConvoSynth.Runs.Storage;

/// <summary>
/// What run folders need of a file system, as <see cref="FileStorage"/> uses it. It spells out each guarantee, so that a simulator can
/// keep or break it. Failures are <see cref="ShardException"/>s that name the path.
/// </summary>
public interface IFileSystem
{
    /// <summary>Creates a folder and its parents; its name is durable on return.</summary>
    void CreateFolder(string path);

    /// <summary>Creates a file for writing, replacing any of the same name.</summary>
    Stream Create(string path);

    /// <summary>Creates a file for writing. Of concurrent callers with the same path, exactly one succeeds.</summary>
    /// <exception cref="ShardException"><see cref="ShardError.Busy"/>: a file of that name exists.</exception>
    Stream CreateNew(string path);

    /// <summary>Returns once everything written to a stream of this storage would survive a power loss.</summary>
    void Sync(Stream stream);

    /// <summary>
    /// As <see cref="Sync"/>, without blocking the caller's thread. Do not write to the stream until the task completes.
    /// </summary>
    Task SyncAsync(Stream stream);

    /// <summary>Renames a file within its folder, atomically replacing any file of the new name.</summary>
    void Rename(string from, string to);

    /// <summary>Renames a file within its folder, unless the new name is taken. Of concurrent callers, exactly one succeeds.</summary>
    /// <returns>False if the name is taken; both files are unchanged then.</returns>
    bool TryRename(string from, string to);

    /// <summary>Returns once all names in a folder would survive a power loss.</summary>
    void SyncFolder(string path);

    /// <summary>Removes a file, if it exists.</summary>
    void Delete(string path);

    /// <summary>The file names (without folder) in a folder, in ordinal order; empty if the folder does not exist.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>The names of the folders in a folder, in ordinal order; empty if the folder does not exist.</summary>
    IReadOnlyList<string> Folders(string folder);

    bool Exists(string path);

    bool FolderExists(string path);

    Stream OpenRead(string path);

    /// <summary>
    /// Opens a file for reading and writing, creating it if necessary. Until it is closed, no other caller can open it in this way;
    /// <see cref="OpenRead"/> can.
    /// </summary>
    /// <exception cref="ShardException"><see cref="ShardError.Busy"/>: another caller holds it.</exception>
    Stream OpenExclusive(string path);
}
