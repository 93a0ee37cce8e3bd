using System.Collections.Concurrent;
using ConvoSynth.ObjectStorage.Azure;
using ConvoSynth.ObjectStorage.S3;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.ObjectStorage;

/// <summary>Folders in object stores, by their address.</summary>
public static class ObjectPlaces
{
    // Connections are kept, and a store is tried once a process.
    private static readonly ConcurrentDictionary<string, IRunStorage> Stores = new(StringComparer.Ordinal);

    /// <summary>Whether a text is the address of an object store, and not a folder of the file system.</summary>
    public static bool IsAddress(string text) => ObjectAddress.Is(text);

    /// <summary>The container or bucket of an address, as an address.</summary>
    /// <exception cref="RunException">The address is not whole.</exception>
    public static string RootOf(string text) => ObjectAddress.Of(text).Root;

    /// <exception cref="RunException">The address is not whole, or the environment has no credentials for it.</exception>
    public static RunPlace Of(string text)
    {
        var address = ObjectAddress.Of(text);
        var store = Stores.GetOrAdd(
            address.Root,
            _ =>
                address.Scheme == ObjectAddress.Azure
                    ? AzureConnection.Open(address, Environment.GetEnvironmentVariable)
                    : S3Connection.Open(address, Environment.GetEnvironmentVariable)
        );
        return new(store, text.TrimEnd('/'));
    }
}
