using ConvoSynth.Cli.Tables;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core;
using ConvoSynth.Grains;
using ConvoSynth.Runs.Folders;
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
    /// <summary>The exit code of a run that its budget stopped.</summary>
    public const int BudgetReached = 3;

    /// <returns>
    /// 0 if every planned index has its row. 1 if storage failed, an endpoint refused everything, a domain was stopped, or nothing was
    /// accepted and something failed. <see cref="BudgetReached"/> if the budget holds back the rest. 130 if it was stopped.
    /// </returns>
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
        if (status.Error is { } error)
        {
            // Storage failed, or an endpoint refuses everything: nothing more is written. Committed rows stay, and a resume continues
            // after them.
            SummaryText.Print(summary, task.Json);
            throw new CommandException(
                $"{error}; {summary.Open} of {summary.Planned} dialogues wait: when that is mended, go on with --resume"
            );
        }

        if (finish is not null)
            summary = finish(summary);
        summary.Write(task.Run.Folder);
        if (summary.Ledger is { } ledger)
            LedgerFile.Write(task.Run.Folder, ledger);
        RunManifest.Read(task.Run.Folder).WriteSummary(task.Run.Folder);
        Card(task, setup, summary);
        // Printed first, since the summary fills a page.
        var isInVain = summary is { Accepted: 0, Failed: > 0 };
        if (isInVain)
            await Console.Error.WriteLineAsync(
                $"error: nothing was accepted, and {summary.Failed} of {summary.Planned} dialogues failed; the first: "
                    + $"{VisibleText.Of(FirstFailure(task.Run.Folder))}"
            );
        SummaryText.Print(summary, task.Json);
        foreach (var stop in status.Stopped)
            await Console.Error.WriteLineAsync(
                $"the domain {stop.Domain} was stopped: at index {stop.Index}: {stop.Reason}; "
                    + "its dialogues behind that failed unplayed. Mend the pack and make a new run"
            );
        if (!status.Stopped.IsEmpty)
            return 1;
        if (summary.Open == 0)
            return isInVain ? 1 : 0;
        if (status.Limit is { } limit)
        {
            await Console.Error.WriteLineAsync(
                $"{limit}; {summary.Open} of {summary.Planned} dialogues wait: go on with --resume and a higher limit"
            );
            return BudgetReached;
        }

        await Console.Error.WriteLineAsync($"stopped with {summary.Open} of {summary.Planned} dialogues to go; go on with --resume");
        return 130;
    }

    private static string FirstFailure(RunFolder run) =>
        new RunReader(run).Rows(ShardSet.Rejected, ["status", "reject_reasons"]).First(r => r.Status == RowStatus.Failed).RejectReasons[0];

    private static void Card(CampaignTask task, RunSetup setup, RunSummary summary) =>
        DatasetCard.Write(
            task.Run.Folder,
            new()
            {
                RunId = task.Spec.RunId,
                Domains = task.Spec.Domains,
                Seed = $"{task.Spec.Seed}",
                Command = task.Command,
                Accept = task.Spec.Accept,
                AcceptedRows = summary.Accepted,
                UndecidedRows = summary.Undecided,
                RejectedRows = summary.Rejected + summary.Failed + summary.Retried,
                FailedRows = summary.Failed,
                RetriedRows = summary.Retried,
                BenchmarkAdjacent = [.. setup.Packs.Values.SelectMany(p => p.Domain.BenchmarkAdjacent).Distinct(StringComparer.Ordinal)],
                Models = [$"human: {setup.Human.Name}", $"agent: {setup.Agent.Name}"],
            }
        );
}
