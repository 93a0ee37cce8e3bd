using ConvoSynth.Core.Campaigns;
using Orleans;
using Orleans.Concurrency;

namespace ConvoSynth.Cluster.Silos;

/// <summary>One silo. Key: its address, as <c>SiloAddress.ToParsableString</c> writes it.</summary>
[Alias("ConvoSynth.ISiloGrain")]
internal interface ISiloGrain : IGrainWithStringKey
{
    /// <returns>Why the silo cannot play the run, as a sentence; null if it can.</returns>
    /// <param name="probes">Whether the silo calls the endpoints of the run with its own keys.</param>
    // The first call compiles packs, and a model may think about its answer.
    [Alias("Problem"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<string?> Problem(RunSpec spec, bool probes);

    /// <summary>Looks after the run at once instead of at the next beat. Idempotent.</summary>
    [Alias("Keep"), AlwaysInterleave]
    Task Keep(string runId);

    /// <summary>The silo hands its work on to the others and leaves the cluster. Idempotent.</summary>
    /// <param name="isError">Whether a person must mend something before it may come back.</param>
    [Alias("Leave"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task Leave(string reason, bool isError);
}
