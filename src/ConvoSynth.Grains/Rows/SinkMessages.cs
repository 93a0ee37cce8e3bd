using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Rows;

/// <summary>Where a sink starts, and under which epoch.</summary>
/// <param name="Next">The first uncommitted index.</param>
/// <param name="Restored">Indexes that earlier owners committed.</param>
/// <param name="Stopped">Domains that are stopped from <paramref name="Next"/> on.</param>
public sealed record SinkOpening(long Epoch, long Next, long Restored, ImmutableArray<StoppedDomain> Stopped, string? Error)
{
    /// <summary>What earlier owners have written.</summary>
    public SinkCounts Written { get; init; } = SinkCounts.Zero;

    /// <summary>Who holds the partition's files at the moment, as a sentence: open the sink again later. Null if it is open.</summary>
    public string? Waiting { get; init; }
}

/// <summary>How a sink answers a call.</summary>
public enum SinkAnswer
{
    /// <summary>The call succeeded.</summary>
    Done,

    /// <summary>This activation has not opened the sink, or an earlier one was lost with its uncommitted rows: open it again.</summary>
    NotOpen,

    /// <summary>Another owner opened it later: the caller is fenced.</summary>
    OtherOwner,

    /// <summary>Storage failed.</summary>
    Failed,
}

/// <summary>State of a sink after a call.</summary>
/// <param name="Next">All lower indexes are written, but not necessarily committed.</param>
/// <param name="Error">Why it failed.</param>
public sealed record SinkReceipt(SinkAnswer Answer, long Next, string? Error)
{
    /// <summary>
    /// After an append: the consequence of the attempt as the sink has it. Of two results of one attempt the first stands.
    /// </summary>
    public Consequence Consequence { get; init; }

    /// <summary>What it has written; null unless the call asks for it.</summary>
    public SinkCounts? Written { get; init; }
}

/// <summary>What a sink has written.</summary>
/// <param name="Rows">Rows under this epoch.</param>
/// <param name="Spent">Cost of all rows, including those of earlier owners.</param>
/// <param name="Stopped">Domains that rows of this partition stopped, under this owner or an earlier one.</param>
public sealed record SinkCounts(RunCounts Rows, Spending Spent, ImmutableArray<StoppedDomain> Stopped)
{
    public static SinkCounts Zero { get; } = new(RunCounts.Zero, default, []);
}
