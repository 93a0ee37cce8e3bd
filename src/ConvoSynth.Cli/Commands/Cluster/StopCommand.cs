using System.CommandLine;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth stop RUN</c>: what is in flight ends and is committed.</summary>
internal static class StopCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run's id." };

    public static Command Create()
    {
        var command = new Command("stop", "Stop a run on a cluster: dialogues in flight end and are committed; submit --resume goes on.")
        {
            Run,
            ClusterOptions.Required,
            ClusterOptions.Runs,
        };
        command.SetWork(Stop);
        return command;
    }

    private static async Task<int> Stop(ParseResult parsed, CancellationToken cancellationToken)
    {
        var run = parsed.GetRequiredValue(Run);
        var access = ClusterAccess.Of(parsed.GetRequiredValue(ClusterOptions.Required), parsed.GetValue(ClusterOptions.Runs));
        var campaigns = access.Root.Campaigns(run);
        var state = campaigns.Latest() ?? throw new CommandException($"there is no run {run} in {access.Root.Path}; see convosynth list");
        if (state.End is { } end)
        {
            Console.WriteLine($"{run}: {RunLine.Ended(end)}");
            return 0;
        }

        // The wish is durable before any silo is asked: it holds though no silo runs at the moment.
        campaigns.WantStop(state.Number);
        await using var client = await access.Connect(cancellationToken);
        await client.Keep(run, cancellationToken);
        Console.WriteLine($"{run} stops: what is in flight ends and is committed; see convosynth status {run} --watch");
        return 0;
    }
}
