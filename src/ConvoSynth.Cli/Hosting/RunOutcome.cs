using ConvoSynth.Cli.Tables;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Hosting;

/// <summary>Tells how a run ended: its summary, what a person must do, and the exit code.</summary>
internal static class RunOutcome
{
    /// <summary>The exit code of a run that its budget stopped.</summary>
    public const int BudgetReached = 3;

    /// <returns>
    /// 0 if every planned index has its row. 1 if a domain was stopped, or nothing was accepted and something failed.
    /// <see cref="BudgetReached"/> if the budget holds back the rest. 130 if it was stopped.
    /// </returns>
    /// <exception cref="CommandException">Storage failed, or an endpoint refuses everything.</exception>
    public static async Task<int> Tell(RunSummary summary, CampaignEnd end, RunFolder run, bool json)
    {
        if (end.Error is { } error)
        {
            SummaryText.Print(summary, json);
            throw new CommandException(
                $"{error}; {summary.Open} of {summary.Planned} dialogues wait: when that is mended, go on with --resume"
            );
        }

        // Printed first, since the summary fills a page.
        var isInVain = summary is { Accepted: 0, Failed: > 0 };
        if (isInVain)
            await Console.Error.WriteLineAsync(
                $"error: nothing was accepted, and {summary.Failed} of {summary.Planned} dialogues failed; the first: "
                    + $"{VisibleText.Of(FirstFailure(run))}"
            );
        SummaryText.Print(summary, json);
        foreach (var stop in end.Stopped)
            await Console.Error.WriteLineAsync(
                $"the domain {stop.Domain} was stopped: at index {stop.Index}: {stop.Reason}; "
                    + "its dialogues behind that failed unplayed. Mend the pack and make a new run"
            );
        if (!end.Stopped.IsEmpty)
            return 1;
        if (summary.Open == 0)
            return isInVain ? 1 : 0;
        if (end.Limit is { } limit)
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
}
