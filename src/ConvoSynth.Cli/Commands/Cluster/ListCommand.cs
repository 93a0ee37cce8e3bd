using System.CommandLine;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth list</c>: all runs of a cluster, from their folders alone.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "List the runs of a cluster from their folders; no silo is asked.")
        {
            ClusterOptions.Required,
            ClusterOptions.Runs,
        };
        command.SetWork((parsed, _) => Task.FromResult(List(parsed)));
        return command;
    }

    private static int List(ParseResult parsed)
    {
        var access = ClusterAccess.Of(parsed.GetRequiredValue(ClusterOptions.Required), parsed.GetValue(ClusterOptions.Runs));
        foreach (var run in access.Root.Runs())
        {
            if (access.Root.Campaigns(run).Latest() is not { } state)
                continue;
            var how =
                state.End is { } end ? RunLine.Ended(end)
                : state.IsStopWanted ? "stopping"
                : "under way";
            Console.WriteLine($"{run}: {state.Order.Spec.Count} dialogues, submitted at {state.Order.SubmittedAt:u}, {how}");
        }

        return 0;
    }
}
