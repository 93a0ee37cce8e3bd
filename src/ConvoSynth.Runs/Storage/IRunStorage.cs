namespace ConvoSynth.Runs.Storage;

/// <summary>
/// Where run folders are kept: what a file system and an object store can both promise. There is no rename, no lock and no change of
/// what was written. What returns is durable. Failures are <see cref="ShardException"/>s that name the path; after one, the operation
/// may have had its effect, or have it later.
/// </summary>
public interface IRunStorage
{
    /// <summary>Creates a folder and its parents, where the storage has folders of its own.</summary>
    void CreateFolder(string path);

    /// <summary>Writes a small file whole, in place of any of the same name. The last writer wins.</summary>
    void Put(string path, ReadOnlyMemory<byte> content);

    /// <summary>Writes a small file whole, unless the name is taken. Of concurrent callers, exactly one wins.</summary>
    /// <returns>Whether this call wrote it.</returns>
    bool PutIfAbsent(string path, ReadOnlyMemory<byte> content);

    /// <summary>Begins a large file, which appears whole when it is published, or never. No other caller uses its name.</summary>
    IUpload Upload(string path);

    /// <summary>Opens a log for reading; a log that does not exist is empty.</summary>
    /// <param name="upTo">
    /// How many bytes the caller needs, if it knows that they are there: it may get the log as it was earlier. Null for all.
    /// </param>
    LogReading OpenLog(string path, long? upTo = null);

    /// <summary>Compare-and-append: adds an entry to a log if nothing has been added since.</summary>
    /// <param name="after">The end of the log as the caller knows it; <see cref="LogPosition.Start"/> creates the log.</param>
    /// <returns>The new end; null if another append came first, which may be an earlier try of this one.</returns>
    /// <exception cref="ShardException"><see cref="ShardError.Busy"/>: another process is appending; try again later.</exception>
    LogPosition? Append(string path, LogPosition after, ReadOnlyMemory<byte> entry);

    /// <summary>As <see cref="Append"/>, without blocking the caller's thread.</summary>
    Task<LogPosition?> AppendAsync(string path, LogPosition after, ReadOnlyMemory<byte> entry);

    /// <summary>The names of the logs in a folder, in ordinal order.</summary>
    IReadOnlyList<string> ListLogs(string folder);

    /// <summary>Whether a log was created, without blocking the caller's thread.</summary>
    Task<bool> LogExistsAsync(string path);

    /// <summary>Removes files from a folder; missing ones are ignored.</summary>
    void Delete(string folder, IReadOnlyCollection<string> names);

    /// <summary>The names of the files in a folder, in ordinal order; empty if the folder does not exist.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>The names of the folders in a folder, in ordinal order.</summary>
    IReadOnlyList<string> Folders(string folder);

    bool Exists(string path);

    /// <summary>Whether there is a folder of this name, or anything in it.</summary>
    bool FolderExists(string path);

    /// <summary>Whether runs may begin in a folder: it is there, or the container or bucket is that it will be in.</summary>
    bool CanHold(string path);

    /// <summary>Opens a file for reading at any position.</summary>
    Stream OpenRead(string path);
}

/// <summary>A large file on its way. Disposed without <see cref="Publish"/>, it leaves nothing under its name.</summary>
public interface IUpload : IDisposable
{
    /// <summary>Takes the content, in order.</summary>
    Stream Content { get; }

    /// <summary>Sends what is left of the content. The file is still invisible.</summary>
    void Finish();

    /// <summary>Gives the finished file its name.</summary>
    void Publish();
}
