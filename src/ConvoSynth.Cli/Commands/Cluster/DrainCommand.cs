using System.CommandLine;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth drain SILO</c>: a silo hands its work on and leaves.</summary>
internal static class DrainCommand
{
    private static readonly Argument<string> Silo = new("silo") { Description = "The silo's name, as status shows it." };
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var command = new Command("drain", "Take a silo out of a cluster: the others continue its dialogues from the journal.")
        {
            Silo,
            ClusterOptions.Required,
            ClusterOptions.Runs,
        };
        command.SetWork(Drain);
        return command;
    }

    private static async Task<int> Drain(ParseResult parsed, CancellationToken cancellationToken)
    {
        var silo = parsed.GetRequiredValue(Silo);
        var access = ClusterAccess.Of(parsed.GetRequiredValue(ClusterOptions.Required), parsed.GetValue(ClusterOptions.Runs));
        await using var client = await access.Connect(cancellationToken);
        await client.Drain(silo, cancellationToken);
        var began = access.Time.GetTimestamp();
        while ((await client.Silos(cancellationToken)).Any(s => s.Name == silo))
        {
            if (access.Time.GetElapsedTime(began) > Limit)
                throw new CommandException(
                    $"the silo {silo} has not left within {Limit.TotalMinutes:0} minutes; end its process: nothing is lost"
                );
            await Task.Delay(Poll, access.Time, cancellationToken);
        }

        Console.WriteLine($"the silo {silo} has left");
        return 0;
    }
}
