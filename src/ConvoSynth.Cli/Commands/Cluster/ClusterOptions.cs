using System.CommandLine;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary>Options of the commands for clusters.</summary>
internal static class ClusterOptions
{
    public static Option<string?> Cluster { get; } =
        new("--cluster")
        {
            Description =
                "Play the run on the cluster of this configuration file, and watch it; the parent of --out is the folder of its runs.",
        };

    /// <summary>As <see cref="Cluster"/>, for commands that need a cluster.</summary>
    public static Option<string> Required { get; } =
        new("--cluster")
        {
            Description = "The configuration file of the cluster.",
            DefaultValueFactory = _ => Hosting.SiloConfiguration.DefaultFile,
        };

    public static Option<string?> Runs { get; } =
        new("--runs")
        {
            Description =
                "The folder of the runs, which all silos see, or its address in an object store "
                + "(default: ConvoSynth:Cluster:Runs of the configuration).",
        };
}
