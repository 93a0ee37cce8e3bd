using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cluster;
using ConvoSynth.Cluster.Clients;
using ConvoSynth.Runs.Campaigns;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary>What a command needs to ask a cluster.</summary>
internal sealed record ClusterAccess(ClusterSettings Settings, RunsRoot Root, TimeProvider Time)
{
    /// <param name="file">The configuration of the cluster.</param>
    /// <param name="runs">The folder of its runs; null for the configuration's.</param>
    /// <exception cref="CommandException">The file is missing, or no folder is named.</exception>
    public static ClusterAccess Of(string file, string? runs)
    {
        var settings = ClusterSettings.Read(SiloConfiguration.ReadCluster(file), file);
        var path =
            runs
            ?? settings.Runs
            ?? throw new CommandException($"no folder of runs is named; use --runs, or ConvoSynth:Cluster:Runs in {file}");
        return new(settings, Places.RootOf(path), TimeProvider.System);
    }

    /// <exception cref="ClusterException">No silo of this version runs, or the cluster has another folder.</exception>
    public Task<ClusterClient> Connect(CancellationToken cancellationToken) =>
        ClusterClient.Connect(Settings, Root, HostLogging.AddClient, Time, cancellationToken);
}
