using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Cluster.Clients;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary>Watches a run until its folder says that it has ended. An interrupt ends the watching only.</summary>
internal sealed class ClusterWatch(ClusterAccess access, ClusterClient client, bool json)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <returns>The exit code of the run, as <c>generate</c> has it in one process.</returns>
    public async Task<int> Watch(string runId, CancellationToken cancellationToken)
    {
        CampaignState ended;
        try
        {
            ended = await new RunProgress(access.Time, quiet: json).Show(watch => UntilEnded(runId, watch, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"the run goes on without this command; stop it with convosynth stop {runId}");
            return 130;
        }

        var run = access.Root.Run(runId);
        var summary = RunSummary.Count(ended.Order.Spec, run).WithWhatRowsDoNotTell(run);
        return await RunOutcome.Tell(summary, ended.End!, run, json);
    }

    private async Task<CampaignState> UntilEnded(string runId, Action<CampaignStatus> watch, CancellationToken cancellationToken)
    {
        var isFinished = false;
        while (true)
        {
            var state =
                access.Root.Campaigns(runId).Latest()
                ?? throw new CommandException($"there is no campaign of the run {runId} in {access.Root.Path}");
            if (state.End is not null)
                return state;
            var status = await client.Status(runId, cancellationToken);
            if (status.Begun && status.Number == state.Number && !isFinished)
                watch(status);
            // A silo writes the end; without a reminder it looks once in 10 s.
            if (status.Finished && !isFinished)
                await client.Keep(runId, cancellationToken);
            isFinished = status.Finished;
            await Task.Delay(Poll, access.Time, cancellationToken);
        }
    }
}
