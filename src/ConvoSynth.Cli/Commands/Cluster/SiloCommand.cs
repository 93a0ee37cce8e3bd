using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Telemetry;
using ConvoSynth.Cluster;
using ConvoSynth.Cluster.Silos;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth silo</c>: one silo of a cluster.</summary>
internal static class SiloCommand
{
    private static readonly Option<string> Config = new("--config")
    {
        Description = "The configuration file of the cluster.",
        DefaultValueFactory = _ => SiloConfiguration.DefaultFile,
    };
    private static readonly Option<string?> Address = new("--address")
    {
        Description = "The IP address at which other silos and clients reach this one (default: the configuration's, else loopback).",
    };
    private static readonly Option<int?> Port = new("--port")
    {
        Description = "The port for other silos (default: the configuration's, else any free one).",
    };
    private static readonly Option<int?> GatewayPort = new("--gateway-port")
    {
        Description = "The port for clients (default: the configuration's, else any free one).",
    };

    private static readonly Option<int?> HttpPort = new("--http-port")
    {
        Description = "The port for /health/live and /health/ready (default: the configuration's, else none).",
    };

    public static Command Create()
    {
        var command = new Command(
            "silo",
            "Run one silo of a cluster. It finds the others by Redis, plays the runs of the folder that all share, and prints a line "
                + "with its name when it has joined. Packs are code: it runs only those of its own folders."
        )
        {
            ClusterOptions.Runs,
            Config,
            CommonOptions.Packs,
            Address,
            Port,
            GatewayPort,
            HttpPort,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var access = ClusterAccess.Of(parsed.GetRequiredValue(Config), parsed.GetValue(ClusterOptions.Runs));
        var settings = access.Settings with
        {
            Address = parsed.GetValue(Address) ?? access.Settings.Address,
            Port = parsed.GetValue(Port) ?? access.Settings.Port,
            GatewayPort = parsed.GetValue(GatewayPort) ?? access.Settings.GatewayPort,
            HttpPort = parsed.GetValue(HttpPort) ?? access.Settings.HttpPort,
        };
        settings.Require();
        var packs = new PackFolders(parsed.GetValue(CommonOptions.Packs) ?? settings.Packs);
        using var telemetry = OpenTelemetryExport.FromEnvironment($"silo {settings.Address}");
        await new ClusterSilo(settings, access.Root, packs, access.Time) { Logging = HostLogging.AddSilo }.Run(
            name => Console.WriteLine($"silo {name} has joined {settings.ClusterId} with the runs in {access.Root.Path}"),
            cancellationToken
        );
        return 0;
    }
}
