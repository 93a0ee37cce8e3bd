namespace ConvoSynth.Shards.Storage;

/// <summary>
/// Where shards and their manifest are kept, with the promises of a file system spelled out, so that a simulator can keep or break them.
/// Failures are <see cref="ShardException"/>s that name the path.
/// </summary>
public interface IShardStorage
{
    /// <summary>Makes a folder and those above it; its name is durable afterwards.</summary>
    void CreateFolder(string path);

    /// <summary>Opens a new file for writing, in place of one of that name.</summary>
    Stream Create(string path);

    /// <summary>Opens a new file for writing. Of all who ask for one name, one gets it.</summary>
    /// <exception cref="ShardException"><see cref="ShardFault.Busy"/>: a file of that name is there.</exception>
    Stream CreateNew(string path);

    /// <summary>Returns once all that was written to a stream of this storage would survive a loss of power.</summary>
    void Sync(Stream stream);

    /// <summary>As <see cref="Sync"/>, without keeping the caller's thread. Until it is done, nothing may be written to the stream.</summary>
    Task SyncAsync(Stream stream);

    /// <summary>Gives a file a new name in the same folder, in place of one that had it: at no moment is the name half there.</summary>
    void Rename(string from, string to);

    /// <summary>Returns once all names in a folder would survive a loss of power.</summary>
    void SyncFolder(string path);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string path);

    /// <summary>The file names (without folder) in a folder, in ordinal order; none if the folder is not there.</summary>
    IReadOnlyList<string> List(string folder);

    bool Exists(string path);

    Stream OpenRead(string path);

    /// <summary>Opens a file for reading and writing, made if it is not there, that nobody else can open so until it is closed.</summary>
    /// <exception cref="ShardException"><see cref="ShardFault.Busy"/>: another holds it.</exception>
    Stream OpenExclusive(string path);
}
