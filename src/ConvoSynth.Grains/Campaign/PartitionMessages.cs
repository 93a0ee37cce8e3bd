using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Grains.Rows;

namespace ConvoSynth.Grains.Campaign;

/// <summary>
/// What a partition may do. Valid only for the campaign's term and the partition's epoch that it names. Within both a grant only grows,
/// so the largest counts in any order of arrival.
/// </summary>
/// <param name="Term">Term of the granting campaign activation.</param>
/// <param name="Epoch">Epoch of the partition that receives the grant.</param>
/// <param name="Window">Maximum dialogues in flight.</param>
/// <param name="Begun">Maximum begun indexes, finished ones included: what the budget has leased. Unlimited by default.</param>
public readonly record struct PartitionGrant(long Term, long Epoch, int Window, long Begun = long.MaxValue);

/// <summary>A partition's task.</summary>
/// <param name="Term">
/// Start time of the campaign activation that sends this, in ticks: unique per activation. A partition obeys the latest term that it has
/// seen, and begins nothing that an earlier term granted.
/// </param>
public sealed record PartitionWork(string RunId, int Partition, long Term)
{
    /// <summary>
    /// Start time of the partition activation that opens the sink, in ticks: distinguishes a repeated Open from another activation's.
    /// </summary>
    public long Owner { get; init; }

    /// <summary>Domains that earlier partitions stopped: this partition plays none of their dialogues.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];

    /// <summary>What the partition may do; null before it has reported.</summary>
    public PartitionGrant? Grant { get; init; }

    /// <summary>Whether no further dialogue may begin. Those in flight end and are committed. A stop is never taken back.</summary>
    public bool IsStopping { get; init; }
}

/// <summary>
/// Progress of a partition. <paramref name="Written"/> covers this owner's rows, and of cost and stops also those of earlier owners;
/// <paramref name="Restored"/> counts what earlier owners committed.
/// </summary>
/// <param name="Epoch">The epoch of its open sink; 0 if it never opened one.</param>
public sealed record PartitionStatus(int Partition, long Epoch, SinkCounts Written, long Restored, int InFlight, bool Finished)
{
    /// <summary>Why the run cannot continue.</summary>
    public string? Error { get; init; }

    /// <summary>The latest campaign term that it has seen.</summary>
    public long Term { get; init; }

    /// <summary>Orders the reports of one epoch, which belongs to one activation.</summary>
    public long Number { get; init; }

    /// <summary>Dialogues in flight beyond the window, which began on lent permits. The campaign grants no window for them.</summary>
    public int BeyondWindow { get; init; }

    /// <summary>Begun indexes, including restored ones.</summary>
    public long Begun { get; init; }

    /// <summary>Why its sink cannot open at the moment, as a sentence; null if it is open.</summary>
    public string? Waiting { get; init; }

    /// <summary>Whether a stop ended it with indexes left.</summary>
    public bool CutShort { get; init; }

    /// <summary>A partition that has not reported.</summary>
    public static PartitionStatus NotHeard(int partition, long epoch) => new(partition, epoch, SinkCounts.Zero, 0, 0, false);
}

/// <summary>How an attempt ended, for its partition. The sink has the rest.</summary>
/// <param name="Epoch">The owner's epoch: the partition ignores an end with another.</param>
public sealed record AttemptEnd(long Index, int Attempt, long Epoch)
{
    /// <summary>The sink's receipt for the result; null with a <see cref="RunError"/>.</summary>
    public SinkReceipt? Receipt { get; init; }

    /// <summary>Why the run cannot continue, as in <see cref="DialogueHalt.RunError"/>. Such an attempt has no row.</summary>
    public string? RunError { get; init; }
}

/// <summary>A dialogue lends its permit, since it waits between tries while its endpoint answers others, or takes it back.</summary>
/// <param name="IsLent">Whether another dialogue may use its permit.</param>
public sealed record PermitLoan(long Index, int Attempt, long Epoch, bool IsLent);
