using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Cli.Hosting;

/// <summary>Where a run is, as a person names it.</summary>
internal static class Places
{
    /// <summary>The path of a run for a command that reads its files itself.</summary>
    /// <exception cref="CommandException">The run is in an object store.</exception>
    public static string OnDisk(string address, string command) =>
        ObjectPlaces.IsAddress(address)
            ? throw new CommandException($"{address} is in an object store, and {command} reads files; copy the run to a folder")
            : address;

    public static RunPlace Of(string address) =>
        ObjectPlaces.IsAddress(address) ? ObjectPlaces.Of(address) : RunPlace.OnDisk(address);
}
