using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Runs.Summaries;

/// <summary>The files that a run gets when it ends: summary, ledger, manifest, dataset card.</summary>
public static class RunClosing
{
    /// <summary>Writes all of them; each replaces an earlier one. Nothing else is changed, so that a repetition does no harm.</summary>
    /// <param name="command">The command line that reproduces the run.</param>
    public static void Write(RunFolder run, RunSetup setup, RunSummary summary, string command)
    {
        summary.Write(run);
        if (summary.Ledger is { } ledger)
            LedgerFile.Write(run, ledger);
        RunManifest.Read(run).WriteSummary(run);
        DatasetCard.Write(
            run,
            new()
            {
                RunId = setup.Spec.RunId,
                Domains = setup.Spec.Domains,
                Seed = $"{setup.Spec.Seed}",
                Command = command,
                Accept = setup.Spec.Accept,
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
}
