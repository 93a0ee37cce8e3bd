using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Cli.Hosting;

/// <summary>Where a run is, as a person names it.</summary>
internal static class Places
{
    /// <summary>The folder of the runs of a cluster.</summary>
    public static RunsRoot RootOf(string address) =>
        ObjectPlaces.IsAddress(address) && ObjectPlaces.Of(address) is var place ? new(place.Storage, place.Path) : new(address);

    /// <summary>The folder that a run's folder is in.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string ParentOf(string address)
    {
        if (!ObjectPlaces.IsAddress(address))
            return Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(address)))!;
        var (store, path) = (ObjectPlaces.RootOf(address), address.TrimEnd('/'));
        return path.Length > store.Length ? path[..path.LastIndexOf('/')] : throw new CommandException($"--out {address} names no run");
    }

    /// <summary>The path of a run for a command that reads its files itself.</summary>
    /// <exception cref="CommandException">The run is in an object store.</exception>
    public static string OnDisk(string address, string command) =>
        ObjectPlaces.IsAddress(address)
            ? throw new CommandException($"{address} is in an object store, and {command} reads files; copy the run to a folder")
            : address;

    public static RunPlace Of(string address) => ObjectPlaces.IsAddress(address) ? ObjectPlaces.Of(address) : RunPlace.OnDisk(address);
}
