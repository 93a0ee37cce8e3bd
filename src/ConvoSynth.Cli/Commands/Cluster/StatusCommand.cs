using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cluster.Clients;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Campaigns;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth status [RUN]</c>: the silos and the runs under way, or one run.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> Run = new("run")
    {
        Description = "The run's id (default: the silos, and every run that is under way).",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Follow the run until it ends, as generate does." };

    public static Command Create()
    {
        var command = new Command("status", "Show the silos of a cluster and how far its runs are.")
        {
            Run,
            Watch,
            ClusterOptions.Required,
            ClusterOptions.Runs,
            CommonOptions.Json,
        };
        command.SetWork(Show);
        return command;
    }

    private static async Task<int> Show(ParseResult parsed, CancellationToken cancellationToken)
    {
        var access = ClusterAccess.Of(parsed.GetRequiredValue(ClusterOptions.Required), parsed.GetValue(ClusterOptions.Runs));
        var run = parsed.GetValue(Run);
        if (parsed.GetValue(Watch) && run is null)
            throw new CommandException("--watch follows one run; name it");
        if (parsed.GetValue(CommonOptions.Json) && !parsed.GetValue(Watch))
            throw new CommandException("--json prints the summary of a run that --watch follows; use both");
        await using var client = await access.Connect(cancellationToken);
        if (run is not null && parsed.GetValue(Watch))
            return await new ClusterWatch(access, client, parsed.GetValue(CommonOptions.Json)).Watch(run, cancellationToken);
        if (run is null)
        {
            foreach (var silo in await client.Silos(cancellationToken))
                Console.WriteLine($"silo {silo.Name}: {silo.Status}, since {silo.StartedAt:u}");
        }

        var runs = run is null ? access.Root.Runs() : [run];
        foreach (var id in runs)
        {
            var state =
                access.Root.Campaigns(id).Latest()
                ?? throw new CommandException($"there is no run {id} in {access.Root.Path}; see convosynth list");
            if (run is not null || state.End is null)
                Console.WriteLine(await Line(client, id, state, cancellationToken));
        }

        return 0;
    }

    private static async Task<string> Line(ClusterClient client, string id, CampaignState state, CancellationToken cancellationToken)
    {
        if (state.End is { } end)
            return $"{id}: {RunLine.Ended(end)}";
        var status = await client.Status(id, cancellationToken);
        if (status.Begun && status.Number == state.Number)
            return $"{id}: {RunLine.Running(status)}{(state.IsStopWanted ? "; stopping" : "")}";
        var problems = await client.Problems(state.Order.Spec, probes: false, cancellationToken);
        return $"{id}: waits for a silo{(problems.Count > 0 ? $":\n  {string.Join("\n  ", problems)}" : "")}";
    }
}

/// <summary>A run in one line.</summary>
internal static class RunLine
{
    public static string Running(CampaignStatus status) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Ended} of {status.Planned}, {status.InFlight} in flight, accepted {status.Counts.Accepted}, undecided "
                + $"{status.Counts.Undecided}, rejected {status.Counts.Rejected}, failed {status.Counts.Failed}"
                + $"{(status.Waiting is { } waiting ? $"; waits: {waiting}" : "")}"
        );

    public static string Ended(CampaignEnd end) =>
        end.Error is { } error ? $"ended at {end.EndedAt:u} with an error: {error}"
        : end.Limit is { } limit ? $"ended at {end.EndedAt:u}: {limit}"
        : $"ended at {end.EndedAt:u}";
}
