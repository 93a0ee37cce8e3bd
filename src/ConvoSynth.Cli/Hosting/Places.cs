using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Cli.Hosting;

/// <summary>Where a run is, as a person names it.</summary>
internal static class Places
{
    public static RunPlace Of(string address) => RunPlace.OnDisk(address);
}
