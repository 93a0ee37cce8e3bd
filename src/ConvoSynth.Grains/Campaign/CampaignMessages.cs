using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Grains.Campaign;

/// <summary>How this process runs a campaign; it affects no row.</summary>
/// <param name="Concurrency">Maximum dialogues in flight, over all partitions.</param>
public sealed record CampaignWork(int Concurrency)
{
    /// <value>No limit by default.</value>
    public Budget Budget { get; init; } = new();

    /// <summary>Which campaign of the run this is: a resume on a cluster is a campaign of its own.</summary>
    /// <value>0 by default: the only one of its process.</value>
    public int Number { get; init; }
}

/// <summary>Progress of a campaign.</summary>
/// <param name="Counts">
/// Rows that the sinks have written since the run was started or resumed. After an <paramref name="Error"/> some of them may be
/// uncommitted.
/// </param>
public sealed record CampaignStatus(long Planned, RunCounts Counts, int InFlight, bool Finished, string? Error)
{
    /// <summary>Whether it has its spec.</summary>
    public bool Begun { get; init; }

    /// <summary>Planned indexes that were committed before this start or resume; no count includes them.</summary>
    public long Restored { get; init; }

    /// <summary>
    /// Planned indexes whose dialogues have ended, whether written or waiting for an earlier row; includes restored ones.
    /// </summary>
    public long Ended { get; init; }

    /// <summary>
    /// Domains with a fault of the environment, each at its first occurrence, ordered by name. Their later rows fail unplayed.
    /// </summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];

    /// <summary>Cost of the written rows, including those before a resume.</summary>
    public Spending Spent { get; init; }

    /// <summary>The budget limit that holds back the rest of the plan, as a clause; null if none does.</summary>
    public string? Limit { get; init; }

    /// <summary>The campaign that this is about, as <see cref="CampaignWork.Number"/>.</summary>
    public int Number { get; init; }

    /// <summary>Why a partition waits, as a sentence; null if none does.</summary>
    public string? Waiting { get; init; }

    /// <summary>Planned indexes that have not ended.</summary>
    public long Open => Planned - Counts.Done - Restored;
}
