using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cluster.Silos;

/// <summary>Decides whether this silo can play a run: by its packs, its keys and what it sees of the run folder.</summary>
internal sealed class RunAcceptance(RunsRoot root, RootRuns runs, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="probes">Whether to call the endpoints of the run with the keys of this silo.</param>
    /// <returns>Why this silo cannot play the run, as a sentence; null if it can.</returns>
    // Loading packs compiles code, which takes seconds: too long for a grain's turn.
    public Task<string?> Problem(RunSpec spec, bool probes) =>
        Task.Run(async () => Sees(spec) ?? runs.Problem(spec) ?? (probes ? await Refused(spec) : null));

    // Each silo has keys of its own, so that the submitter's probe says nothing about them.
    private async Task<string?> Refused(RunSpec spec)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            return await runs.Refusal(spec, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null; // A slow model is no reason to leave.
        }
    }

    private string? Sees(RunSpec spec)
    {
        try
        {
            _ = SpecFile.Read(root.Run(spec.RunId));
            return null;
        }
        catch (Exception e) when (e is RunException or IOException or UnauthorizedAccessException)
        {
            return $"{e.Message}; this silo must see the folder of the runs that the submitter sees";
        }
    }
}
