using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Verification.Judges;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains;

/// <summary>How this process runs a campaign; it affects no row.</summary>
/// <param name="Concurrency">Maximum dialogues in flight, over all partitions.</param>
public sealed record CampaignWork(int Concurrency)
{
    /// <value>No limit by default.</value>
    public Budget Budget { get; init; } = new();
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

    /// <summary>Planned indexes that have not ended.</summary>
    public long Open => Planned - Counts.Done - Restored;
}

/// <summary>
/// What a partition may do. Valid only for the campaign's term and the partition's epoch that it names. Within both a grant only grows,
/// so the largest counts in any order of arrival.
/// </summary>
/// <param name="Term">Term of the granting campaign activation.</param>
/// <param name="Epoch">Epoch of the partition that receives the grant.</param>
/// <param name="Window">Maximum dialogues in flight.</param>
/// <param name="Begun">Maximum begun indexes, finished ones included: what the budget allows. Unlimited by default.</param>
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

    /// <summary>Whether the campaign needs a report for every dialogue that begins or ends, to keep to a budget.</summary>
    public bool ReportsEachDialogue { get; init; }

    /// <summary>Domains that earlier partitions stopped: this partition plays none of their dialogues.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];
}

/// <summary>Progress of a partition. Counts cover this owner; <paramref name="Restored"/> covers what earlier owners committed.</summary>
/// <param name="Epoch">The epoch of its open sink; 0 if it never opened one.</param>
public sealed record PartitionStatus(int Partition, long Epoch, RunCounts Counts, long Restored, int InFlight, bool Finished, string? Error)
{
    /// <summary>The latest campaign term that it has seen.</summary>
    public long Term { get; init; }

    /// <summary>When it reported. Of two reports under one epoch the later one counts, in any order of arrival.</summary>
    public DateTimeOffset ReportedAt { get; init; }

    /// <summary>Orders reports of the same time.</summary>
    public long Number { get; init; }

    /// <summary>Dialogues in flight beyond the window, which began on lent permits. The campaign grants no window for them.</summary>
    public int BeyondWindow { get; init; }

    /// <summary>Begun indexes, including restored ones.</summary>
    public long Begun { get; init; }

    /// <summary>Cost of its written rows, including restored ones.</summary>
    public Spending Spent { get; init; }

    /// <summary>Whether a stop ended it with indexes left.</summary>
    public bool CutShort { get; init; }

    /// <summary>Domains that its own rows stopped, under this owner or an earlier one.</summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];
}

/// <summary>A dialogue's task.</summary>
/// <param name="Epoch">The owner's epoch: the partition ignores reports with another.</param>
public sealed record DialogueWork(string RunId, int Partition, long Index, int Attempt, long Epoch);

/// <summary>A dialogue lends its permit, since it waits between tries while its endpoint answers others, or takes it back.</summary>
/// <param name="IsLent">Whether another dialogue may use its permit.</param>
public sealed record PermitLoan(long Index, int Attempt, long Epoch, bool IsLent);

/// <summary>Outcome of an attempt: a trajectory or an error.</summary>
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

    /// <summary>Why the run cannot continue, as in <see cref="DialogueHalt.RunError"/>. Such a result has no row.</summary>
    public string? RunError { get; init; }

    /// <summary>Whether a replayed run recorded no further attempt, so that this one stands.</summary>
    public bool IsLastAttempt { get; init; }

    /// <summary>The consequence of this outcome for the run.</summary>
    public Consequence ConsequenceIn(RunSpec spec) =>
        Trajectory is { } trajectory
            ? Consequences.Of(spec, trajectory) is var consequence && consequence == Consequence.TryAgain && IsLastAttempt
                ? Consequence.Stand
                : consequence
            : Consequence.Stand;
}

/// <summary>Initial state of a role.</summary>
public sealed record RoleOpening(string RunId, long Index, int Attempt, Blueprint Blueprint)
{
    public int Partition { get; init; }

    /// <summary>Epoch of the owner for which the dialogue is played: journals refuse an earlier one than the latest.</summary>
    public long Epoch { get; init; }
}

/// <summary>A role's answer to a turn.</summary>
public sealed record RoleReply
{
    /// <summary>Null if the role has no answer.</summary>
    public Message? Message { get; init; }

    public string Model { get; init; } = "";

    public FinishReason Finish { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The model calls made for it.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>How the message came about.</summary>
    public string? Note { get; init; }

    public string? PlantedFault { get; init; }

    /// <summary>The recorded dialogue has no further turn.</summary>
    public bool EndOfRecord { get; init; }

    /// <summary>Why there is no message: the model's exception as text.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the dialogue ends here because of an error or a halt.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasNoAnswer => Error is not null || DialogueHalt is not null;

    /// <summary>The error is transient: ask the same turn again.</summary>
    public bool Again { get; init; }

    /// <summary>
    /// Why the dialogue ends without a row. After fencing, it ends only if no later owner has taken this dialogue over meanwhile.
    /// </summary>
    public DialogueHalt? DialogueHalt { get; init; }

    /// <summary>This activation does not know the conversation: replay it from the first turn.</summary>
    public bool Forgot { get; init; }
}

/// <summary>The messages that a role has not seen yet.</summary>
/// <param name="Turn">Number of messages that the role has sent before; the same turn gets the same answer.</param>
public sealed record RoleTurn(int Turn, ImmutableArray<Message> Heard)
{
    /// <value>
    /// Initial state, sent when a conversation is replayed from its start. A role without it, from this or an earlier turn, replies
    /// <see cref="RoleReply.Forgot"/>.
    /// </value>
    public RoleOpening? Opening { get; init; }
}

/// <summary>Where a sink starts, and under which epoch.</summary>
/// <param name="Next">The first uncommitted index.</param>
/// <param name="Restored">Indexes that earlier owners committed.</param>
/// <param name="Stopped">Domains that are stopped from <paramref name="Next"/> on.</param>
public sealed record SinkOpening(long Epoch, long Next, long Restored, ImmutableArray<StoppedDomain> Stopped, string? Error)
{
    /// <summary>Cost of the restored rows.</summary>
    public Spending Spent { get; init; }
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
    /// <summary>Cost of all written rows, including restored ones.</summary>
    public Spending Spent { get; init; }

    /// <summary>Counts of the rows under this epoch; null unless the call asks for them.</summary>
    public RunCounts? Counts { get; init; }

    /// <summary>
    /// Domains that rows of this partition stopped, under this owner or an earlier one; empty unless the call asks for counts.
    /// </summary>
    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];
}

/// <summary>Which journal to open, and for which owner.</summary>
public sealed record JournalWork(string RunId, int Partition, long Epoch);

/// <summary>How a journal answers a call.</summary>
public enum JournalAnswer
{
    /// <summary>The call succeeded.</summary>
    Done,

    /// <summary>This activation has not opened the journal, or another activation has taken it over: open it again.</summary>
    NotOpen,

    /// <summary>The caller works for an earlier owner than the latest.</summary>
    OtherOwner,

    /// <summary>Storage failed.</summary>
    Failed,
}

/// <summary>A journal's reply.</summary>
/// <param name="Text">The found text, or the existing text that wins over the offered one.</param>
/// <param name="Error">Why it failed.</param>
public sealed record JournalReply(JournalAnswer Answer, string? Text = null, string? Error = null);

/// <summary>A dialogue to verify.</summary>
public sealed record VerificationWork(string RunId, long Index, int Attempt, Blueprint Blueprint, Conversation Conversation);

/// <summary>A blueprint to make.</summary>
/// <param name="Epoch">Epoch of the owner for which it is made.</param>
public sealed record BlueprintWork(string RunId, int Partition, long Index, long Epoch);

/// <summary>A blueprint, or why there is none.</summary>
public sealed record BlueprintReply(Blueprint? Blueprint, string? Error)
{
    /// <summary>Why the dialogue ends without a row.</summary>
    public DialogueHalt? DialogueHalt { get; init; }

    /// <summary>The model calls made for it, also if they led to no blueprint.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>The error is transient: ask again.</summary>
    public bool Again { get; init; }
}

/// <summary>The dialogue that a judge is asked about.</summary>
/// <param name="Epoch">Epoch of the owner for which it was played.</param>
public sealed record JudgeWork(string RunId, int Partition, long Index, int Attempt, long Epoch, string Domain);

/// <summary>One question to a judge.</summary>
public sealed record QuestionWork(JudgeWork About, JudgeQuestion Question);

/// <summary>A whole dialogue to vote on.</summary>
public sealed record VoteWork(JudgeWork About, CommitteeQuestion Question);

/// <summary>A judge's answer or its ballot, depending on the call.</summary>
public sealed record JudgeReply
{
    /// <summary>Why the dialogue ends without a row.</summary>
    public DialogueHalt? DialogueHalt { get; init; }

    public JudgeAnswer? Answer { get; init; }

    public Ballot? Ballot { get; init; }

    /// <summary>Why there is neither.</summary>
    public string? Error { get; init; }

    /// <summary>The error is transient: ask again.</summary>
    public bool Again { get; init; }
}

/// <summary>A verified dialogue, or why it could not be verified.</summary>
public sealed record VerificationReply(Trajectory? Trajectory, string? Error);
