using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Folders;

/// <summary>A folder and the storage that it is in.</summary>
/// <param name="Path">Its path, or the address by which an object store is named.</param>
public sealed record RunPlace(IRunStorage Storage, string Path)
{
    public RunFolder Folder => new(Storage, Path);

    public static RunPlace OnDisk(string path) => new(new FileStorage(new DiskStorage()), path);
}
