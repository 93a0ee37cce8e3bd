using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;
using Microsoft.Extensions.Configuration;
using Orleans;

namespace ConvoSynth.Cli.Hosting;

/// <summary>The inputs of a campaign run.</summary>
/// <param name="Inputs">The sources of the setups; the run folder keeps them.</param>
internal sealed record CampaignTask(
    RunSpec Spec,
    IRunSetups Setups,
    IRunInputs Inputs,
    RunFolders Run,
    CampaignWork Work,
    bool Json,
    string Command,
    TimeProvider Time
)
{
    /// <summary>Receives the grain factory before the campaign begins.</summary>
    public Action<IGrainFactory>? OnGrains { get; init; }

    /// <summary>The silo's configuration; null for the working folder's.</summary>
    public IConfiguration? Configuration { get; init; }
}

/// <summary>Runs a campaign in a checked run folder, from its setup to its summary.</summary>
internal static class CampaignRun
{
    /// <returns>As <see cref="RunOutcome.Tell"/>.</returns>
    public static async Task<int> Play(CampaignTask task, Func<RunSummary, RunSummary>? finish, CancellationToken cancellationToken)
    {
        var began = task.Time.GetTimestamp();
        var setup = task.Setups.For(task.Spec);
        SpecFile.Begin(task.Run.Folder, task.Spec);
        KeptInputs.Keep(task.Run.Folder, setup, task.Inputs);
        var host = new CampaignHost(task.Setups, task.Run, task.Time, task.OnGrains, task.Configuration);
        var status = await new RunProgress(task.Time, quiet: task.Json).Show(watch =>
            host.Run(task.Spec, task.Work, watch, cancellationToken)
        );
        var seconds = task.Time.GetElapsedTime(began).TotalSeconds;
        var summary = RunSummary.Count(task.Spec, task.Run.Folder) with
        {
            Seconds = Math.Round(seconds, 2),
            DialoguesPerSecond = Math.Round(status.Counts.Done / seconds, 1),
        };
        // Storage failed, or an endpoint refuses everything: nothing more is written. Committed rows stay, and a resume continues
        // after them.
        if (status.Error is null)
        {
            if (finish is not null)
                summary = finish(summary);
            RunClosing.Write(task.Run.Folder, setup, summary, task.Command);
        }

        var end = new CampaignEnd
        {
            Error = status.Error,
            Limit = status.Limit,
            Stopped = status.Stopped,
        };
        return await RunOutcome.Tell(summary, end, task.Run.Folder, task.Json);
    }
}
