using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Grains;

/// <summary>How a campaign is worked on here; decides nothing about its rows.</summary>
/// <param name="Concurrency">Dialogues in flight, over all partitions.</param>
public sealed record CampaignWork(int Concurrency)
{
    /// <value>No limit by default.</value>
    public Budget Budget { get; init; } = new();
}

/// <summary>Where a campaign stands.</summary>
/// <param name="Counts">
/// Of rows that the sinks wrote since the run was begun or gone on with; after an <paramref name="Error"/>, more than were committed.
/// </param>
public sealed record CampaignStatus(long Planned, RunCounts Counts, int InFlight, bool Finished, string? Error)
{
    /// <summary>Whether it knows its spec.</summary>
    public bool Begun { get; init; }

    /// <summary>Planned indexes whose rows were committed before, and are in no count.</summary>
    public long Restored { get; init; }

    /// <summary>Planned indexes whose dialogues have ended, written or waiting for the row of an earlier one; those restored included.</summary>
    public long Ended { get; init; }

    /// <summary>Domains whose environment was at fault, each where it first showed, ordered by name. Their later rows failed unplayed.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];

    /// <summary>What the written rows took, earlier times of the run included.</summary>
    public Spending Spent { get; init; }

    /// <summary>Which limit of the budget keeps the rest of the plan waiting, as a clause; null where none does.</summary>
    public string? Limit { get; init; }

    /// <summary>Planned indexes that have not ended.</summary>
    public long Open => Planned - Counts.Done - Restored;
}

/// <summary>
/// What a partition may do, by the campaign of a term and under an epoch of its own: with another one of either it may do nothing. Within them a grant only
/// grows, so of several the most counts, in whatever order they arrive.
/// </summary>
/// <param name="Term">The campaign's who gave it.</param>
/// <param name="Epoch">The partition's for which it was given.</param>
/// <param name="Window">Dialogues that may be in flight.</param>
/// <param name="Begun">Indexes that may have been begun, those that ended included: what the budget allows.</param>
public readonly record struct PartitionGrant(long Term, long Epoch, int Window, long Begun = long.MaxValue);

/// <summary>A partition's task.</summary>
/// <param name="Term">
/// When the activation of the campaign began that says so, in ticks: each has its own. A partition listens to the latest that it has heard of, and may begin
/// nothing that one before it allowed.
/// </param>
public sealed record PartitionWork(RunSpec Spec, int Partition, long Term)
{
    /// <summary>When the activation of the partition began that opens the sink, in ticks: one that opens it again is told from another.</summary>
    public long Owner { get; init; }

    /// <summary>Whether the campaign wants to hear of every dialogue that begins and ends, since a budget is to be met.</summary>
    public bool TellsAll { get; init; }

    /// <summary>Domains that partitions before it stopped: none of their dialogues is played here.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];
}

/// <summary>Where a partition stands. Counts are those of this owner's time; what was committed before it came is <paramref name="Restored"/>.</summary>
/// <param name="Epoch">Under which it has its sink; 0 where it never had.</param>
public sealed record PartitionStatus(int Partition, long Epoch, RunCounts Counts, long Restored, int InFlight, bool Finished, string? Error)
{
    /// <summary>The latest of the campaign's that it has heard of.</summary>
    public long Term { get; init; }

    /// <summary>When it said so: of two words under one epoch the later counts, in whatever order they arrive.</summary>
    public DateTimeOffset Said { get; init; }

    /// <summary>Of words said at the same time, the order.</summary>
    public long Number { get; init; }

    /// <summary>Indexes that were begun, those restored included.</summary>
    public long Begun { get; init; }

    /// <summary>What its written rows took, those restored included.</summary>
    public Spending Spent { get; init; }

    /// <summary>Whether it ended because it was told to stop, with indexes left.</summary>
    public bool CutShort { get; init; }

    /// <summary>Domains that its own rows stopped, by this owner or one before.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];
}

/// <summary>A dialogue's task.</summary>
/// <param name="Epoch">The owner's epoch: a report with another one is not listened to.</param>
public sealed record DialogueWork(RunSpec Spec, int Partition, long Index, int Attempt, long Epoch);

/// <summary>What became of an index: a trajectory, or an error.</summary>
public sealed record DialogueResult
{
    public required long Index { get; init; }

    public required int Attempt { get; init; }

    public required long Epoch { get; init; }

    public Trajectory? Trajectory { get; init; }

    /// <summary>The planted fault, for the sink alone.</summary>
    public string? PlantedFault { get; init; }

    /// <summary>The model calls of this attempt, in order.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>Why there is no trajectory.</summary>
    public string? Error { get; init; }

    /// <summary>Why the run cannot go on, as <see cref="Halt.RunError"/> has it. It is no result, and there is no row of it.</summary>
    public string? RunError { get; init; }

    /// <summary>Whether there is no further attempt to be had: of a dialogue that is played back, the one that is there stands.</summary>
    public bool IsLastAttempt { get; init; }

    /// <summary>What it asks for.</summary>
    public Consequence ConsequenceIn(RunSpec spec) =>
        Trajectory is { } trajectory
            ? Consequences.Of(spec, trajectory) is var consequence && consequence == Consequence.TryAgain && IsLastAttempt
                ? Consequence.Stand
                : consequence
            : Consequence.Stand;
}

/// <summary>What a role is opened with.</summary>
public sealed record RoleOpening(RunSpec Spec, long Index, int Attempt, Blueprint Blueprint)
{
    public int Partition { get; init; }

    /// <summary>The owner's for whom the dialogue is played: journals take nothing from one before the latest.</summary>
    public long Epoch { get; init; }
}

/// <summary>A role's answer.</summary>
public sealed record RoleReply
{
    /// <summary>Its message; null where it has none.</summary>
    public Message? Message { get; init; }

    public string Model { get; init; } = "";

    public FinishReason Finish { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The calls that were made for it.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>How the message came about.</summary>
    public string? Note { get; init; }

    public string? PlantedFault { get; init; }

    /// <summary>A recorded dialogue has no more turns.</summary>
    public bool EndOfRecord { get; init; }

    /// <summary>Why there is no message: what the model threw.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the dialogue ends here for a reason that is not its own words.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasNoAnswer => Error is not null || Halt is not null;

    /// <summary>The error may pass: ask for the same turn again.</summary>
    public bool Again { get; init; }

    /// <summary>Why the dialogue ends without a row; where it lost its place, unless a later owner has taken it over meanwhile.</summary>
    public Halt? Halt { get; init; }

    /// <summary>The activation that knew the conversation is gone: tell a new one everything.</summary>
    public bool Forgot { get; init; }
}

/// <summary>What a role has not heard yet.</summary>
/// <param name="Turn">How many messages the role has sent before; the same turn gets the same answer.</param>
public sealed record RoleTurn(int Turn, ImmutableArray<Message> Heard)
{
    /// <value>What the dialogue is; a role without it, and that has none from an earlier turn, answers that it forgot. Sent when a conversation is told from its beginning.</value>
    public RoleOpening? Opening { get; init; }
}

/// <summary>Where a sink begins, and under which epoch.</summary>
/// <param name="Next">The first index that is not committed.</param>
/// <param name="Restored">Indexes that earlier owners committed.</param>
/// <param name="Stopped">Domains that are stopped from there on.</param>
public sealed record SinkOpening(long Epoch, long Next, long Restored, ImmutableArray<StoppedDomain> Stopped, string? Error)
{
    /// <summary>What the restored rows took.</summary>
    public Spending Spent { get; init; }
}

/// <summary>How a sink takes a call.</summary>
public enum SinkAnswer
{
    /// <summary>As it was asked to.</summary>
    Done,

    /// <summary>It was never opened here, or its activation was lost with all that was not committed: open it (again).</summary>
    NotOpen,

    /// <summary>Opened later by another owner: the caller is no longer one.</summary>
    OtherOwner,

    /// <summary>Storage failed.</summary>
    Failed,
}

/// <summary>What a sink has taken.</summary>
/// <param name="Next">All indexes below it are written (not necessarily committed).</param>
/// <param name="Error">Why it failed.</param>
public sealed record SinkReceipt(SinkAnswer Answer, long Next, string? Error)
{
    /// <summary>What all written rows took, those restored included.</summary>
    public Spending Spent { get; init; }

    /// <summary>What became of the rows under this epoch; of calls that ask for it.</summary>
    public RunCounts? Counts { get; init; }

    /// <summary>Domains that rows of this partition stopped, by this owner or one before; of the same calls.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];
}

/// <summary>Whose journal is opened, and for which owner.</summary>
public sealed record JournalWork(RunSpec Spec, int Partition, long Epoch);

/// <summary>How a journal takes a call.</summary>
public enum JournalAnswer
{
    /// <summary>As it was asked to.</summary>
    Done,

    /// <summary>It was never opened here, or another activation has taken it over: open it (again).</summary>
    NotOpen,

    /// <summary>The caller works for an owner before the latest one.</summary>
    OtherOwner,

    /// <summary>Storage failed.</summary>
    Failed,
}

/// <summary>A journal's answer.</summary>
/// <param name="Text">What was found, or what stands instead of what was offered.</param>
/// <param name="Error">Why it failed.</param>
public sealed record JournalReply(JournalAnswer Answer, string? Text = null, string? Error = null);

/// <summary>A dialogue to verify.</summary>
public sealed record VerificationWork(RunSpec Spec, long Index, int Attempt, Blueprint Blueprint, Conversation Conversation);

/// <summary>A blueprint to make.</summary>
/// <param name="Epoch">The owner's for whom it is made.</param>
public sealed record BlueprintWork(RunSpec Spec, int Partition, long Index, long Epoch);

/// <summary>A blueprint, or why there is none.</summary>
public sealed record BlueprintReply(Blueprint? Blueprint, string? Error)
{
    /// <summary>Why the dialogue ends without a row.</summary>
    public Halt? Halt { get; init; }

    /// <summary>The model calls that it took, also where none came of them.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>The error may pass: ask again.</summary>
    public bool Again { get; init; }
}

/// <summary>The dialogue that a judge is asked about.</summary>
/// <param name="Epoch">The owner's for whom it was played.</param>
public sealed record JudgeWork(RunSpec Spec, int Partition, long Index, int Attempt, long Epoch, string Domain);

/// <summary>One question to a judge.</summary>
public sealed record QuestionWork(JudgeWork About, JudgeQuestion Question);

/// <summary>A whole dialogue to vote on.</summary>
public sealed record VoteWork(JudgeWork About, CommitteeQuestion Question);

/// <summary>A judge's answer or ballot, as it was asked for.</summary>
public sealed record JudgeReply
{
    /// <summary>Why the dialogue ends without a row.</summary>
    public Halt? Halt { get; init; }

    public JudgeAnswer? Answer { get; init; }

    public Ballot? Ballot { get; init; }

    /// <summary>Why there is neither.</summary>
    public string? Error { get; init; }

    /// <summary>The error may pass: ask again.</summary>
    public bool Again { get; init; }
}

/// <summary>A verified dialogue, or why it could not be verified.</summary>
public sealed record VerificationReply(Trajectory? Trajectory, string? Error);
