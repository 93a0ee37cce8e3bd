using System.Collections.Concurrent;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Summaries;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>
/// Brings one run on: starts its campaign where no silo has it, passes a stop on, and closes the run when it has ended. All silos do it
/// for all runs; every step is idempotent.
/// </summary>
internal sealed partial class RunCare(
    RunsRoot root,
    RootRuns runs,
    IGrainFactory grains,
    Neighbours neighbours,
    TimeProvider time,
    ILogger<RunCare> logger
)
{
    // Silos that accepted a campaign: each is asked once, so that a hung silo does not delay a campaign that comes back.
    private readonly ConcurrentDictionary<(string RunId, int Number), HashSet<SiloAddress>> _accepted = new();

    private readonly ConcurrentDictionary<string, int> _ended = new(StringComparer.Ordinal);

    /// <returns>Whether to come back soon: the next step depends on this one.</returns>
    public async Task<bool> Attend(string runId)
    {
        var campaigns = root.Campaigns(runId);
        // A folder of many ended runs costs one listing each.
        if (_ended.TryGetValue(runId, out var ended) && ended == campaigns.LatestNumber)
            return false;
        if (campaigns.Latest() is not { } state)
            return false;
        if (state.End is not null)
        {
            Forget(runId, state.Number);
            return false;
        }

        var campaign = grains.GetGrain<ICampaignGrain>(runId);
        var status = await campaign.Status();
        if (!status.Begun || status.Number < state.Number)
        {
            if (await AllAccept(runId, state))
                await campaign.Start(new(state.Order.Concurrency) { Budget = state.Order.Budget, Number = state.Number });
            return true;
        }

        if (status.Finished)
        {
            if (neighbours.IsFirst)
                await Task.Run(() => Close(runId, state, status));
            return false;
        }

        if (state.IsStopWanted)
            await campaign.Stop();
        return false;
    }

    // A silo that cannot play leaves, if another can: it would fail every dialogue that comes to it.
    private async Task<bool> AllAccept(string runId, CampaignState state)
    {
        var accepted = _accepted.GetOrAdd((runId, state.Number), _ => []);
        var answers = await neighbours.Ask(state.Order.Spec, state.Order.Probes, accepted);
        accepted.UnionWith(answers.Where(a => a.Problem is null).Select(a => a.Silo));
        var refusals = answers.Where(a => a.Problem is not null).ToArray();
        if (refusals.Length == 0)
            return accepted.Contains(neighbours.Own);
        if (accepted.Count == 0)
        {
            LogNoSilo(logger, runId, refusals[0].Problem!);
            return false;
        }

        foreach (var refusal in refusals)
        {
            var reason = $"cannot play the run {runId}: {refusal.Problem}";
            if (refusal.Silo.Equals(neighbours.Own) || accepted.Contains(neighbours.Own))
                await neighbours.Dismiss(refusal.Silo, reason);
        }

        return false;
    }

    private void Close(string runId, CampaignState state, CampaignStatus status)
    {
        var (spec, run) = (state.Order.Spec, root.Run(runId));
        var now = time.GetUtcNow();
        if (status.Error is null)
        {
            var seconds = Math.Max((now - state.Order.SubmittedAt).TotalSeconds, 0.001);
            var summary = RunSummary.Count(spec, run) with
            {
                Seconds = Math.Round(seconds, 2),
                DialoguesPerSecond = Math.Round(status.Counts.Done / seconds, 1),
            };
            RunClosing.Write(run, runs.SetupOf(runId), summary, state.Order.Command);
        }

        root.Campaigns(runId)
            .End(
                state.Number,
                new()
                {
                    Error = status.Error,
                    Limit = status.Limit,
                    Stopped = status.Stopped,
                    EndedAt = now,
                }
            );
        Forget(runId, state.Number);
    }

    private void Forget(string runId, int number)
    {
        _ended[runId] = number;
        runs.Drop(runId);
        _accepted.TryRemove((runId, number), out _);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "no silo can play the run {RunId}: {Problem}")]
    private static partial void LogNoSilo(ILogger logger, string runId, string problem);
}
