using ConvoSynth.Core;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cluster.Silos;

/// <summary>Decides whether this silo can play a run: by its packs, its keys and what it sees of the run folder.</summary>
internal sealed class RunAcceptance(RunsRoot root, RootRuns runs)
{
    /// <returns>Why this silo cannot play the run, as a sentence; null if it can.</returns>
    // Loading packs compiles code, which takes seconds: too long for a grain's turn.
    public Task<string?> Problem(RunSpec spec) => Task.Run(() => Sees(spec) ?? runs.Problem(spec));

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
