using System.Collections.Immutable;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>
/// The faults that can be planted in a dialogue. The names label the messages that carry them; <see cref="FaultTable"/> lists the checks
/// that must catch each.
/// </summary>
public static partial class FaultKinds
{
    /// <summary>A write succeeds with a value that the human did not ask for.</summary>
    public const string WrongArgument = "wrong-argument";

    /// <summary>A confirmed write is not made, and the agent does not mention it.</summary>
    public const string MissingWrite = "missing-write";

    /// <summary>A write succeeds that the human did not ask for.</summary>
    public const string ExtraWrite = "extra-write";

    /// <summary>A write succeeds and another one reverts it, so that the end state alone may not show it.</summary>
    public const string WriteThenUndo = "write-then-undo";

    /// <summary>The requested write is made before its details were stated and confirmed.</summary>
    public const string WriteBeforeYes = "write-before-yes";

    /// <summary>The human confirms one value of a detail, and the write has another.</summary>
    public const string ConfirmedThenChanged = "confirmed-then-changed";

    /// <summary>A read shows a person's data before that person's identity is proved.</summary>
    public const string DataBeforeIdentity = "data-before-identity";

    /// <summary>A write that policy forbids is made instead of refused.</summary>
    public const string ForbiddenWrite = "forbidden-write";

    /// <summary>An allowed request is refused.</summary>
    public const string NeedlessRefusal = "needless-refusal";

    /// <summary>A refusal is due and is given, but for a reason that does not apply.</summary>
    public const string WrongReason = "wrong-reason";

    /// <summary>The agent calls a tool that does not exist, and continues as if the call had succeeded.</summary>
    public const string UnknownTool = "unknown-tool";

    /// <summary>The agent calls a tool of the domain that this dialogue does not offer.</summary>
    public const string ToolNotOffered = "tool-not-offered";

    /// <summary>A call's arguments are invalid JSON, and the agent continues as if the call had succeeded.</summary>
    public const string MalformedArguments = "malformed-arguments";

    /// <summary>An argument has another JSON type than the tool's schema requires.</summary>
    public const string WrongType = "wrong-type";

    /// <summary>A call names an id that the human did not say and no tool showed.</summary>
    public const string InventedIdentifier = "invented-identifier";

    /// <summary>The agent claims an action that it did not take.</summary>
    public const string FalseClaim = "false-claim";

    /// <summary>A report of an action has a wrong amount or number.</summary>
    public const string WrongAmount = "wrong-amount";

    /// <summary>An answer lacks the requested value.</summary>
    public const string OutputNotSaid = "output-not-said";

    /// <summary>The agent gives the right answer, and then replaces it with another.</summary>
    public const string SaidThenContradicted = "said-then-contradicted";

    /// <summary>The agent gives several values as the answer, one of them right.</summary>
    public const string ShotgunAnswer = "shotgun-answer";

    /// <summary>The human says a fact that must never be said.</summary>
    public const string HumanLeak = "human-leak";

    /// <summary>The human's first message has all the facts that are to be said only when asked.</summary>
    public const string HumanVolunteersAll = "human-volunteers-all";

    /// <summary>The human makes a request that the scenario does not have.</summary>
    public const string HumanInventsRequest = "human-invents-request";

    /// <summary>The human never makes one of the scenario's requests.</summary>
    public const string HumanDropsGoal = "human-drops-goal";

    /// <summary>The human ends the dialogue when asked to confirm a requested write.</summary>
    public const string HumanStopsEarly = "human-stops-early";

    /// <summary>The agent makes the same call, or says the same text, three times in a row.</summary>
    public const string Loop = "loop";

    /// <summary>A party's turn has neither text nor calls.</summary>
    public const string EmptyTurn = "empty-turn";

    /// <summary>The agent announces a transfer to a person and never makes it.</summary>
    public const string UnmadeHandOver = "unmade-hand-over";

    /// <summary>The agent says that something is possible, or offers it, although a guard forbids it for that row.</summary>
    public const string FalsePermission = "false-permission";

    /// <summary>The agent describes a procedure, a channel, a fee or a term that no source mentions.</summary>
    public const string InventedProcedure = "invented-procedure";

    /// <summary>The agent states a wrong or unread state of a row, or names a person that no observation shows.</summary>
    public const string FalseState = "false-state";

    /// <summary>The agent helps with a matter outside its domain.</summary>
    public const string OffDomain = "off-domain";

    /// <summary>The agent judges a reason by a clause that requires another one, in the words that the pack's rule provides.</summary>
    public const string MisjudgedReason = "misjudged-reason";

    /// <summary>The agent gives advice or an opinion.</summary>
    public const string UnaskedAdvice = "unasked-advice";

    /// <summary>The agent calls a price that it has read a difference.</summary>
    public const string CalledDifference = "called-difference";

    /// <summary>
    /// A read whose result nothing in the dialogue rests on. It is noted, and rejects nothing unless the run limits such reads.
    /// </summary>
    public const string NeedlessRead = "needless-read";

    /// <summary>
    /// An observation differs from the environment's result. No role can cause this: only an edit of the finished conversation can.
    /// </summary>
    public const string TamperedObservation = "tampered-observation";

    /// <summary>A write's observation contradicts its arguments. Only an edit of the finished conversation can cause this.</summary>
    public const string ContradictedWrite = "contradicted-write";

    /// <summary>The agent's report contradicts the write's observation. Only an edit of the finished conversation can cause this.</summary>
    public const string MisreportedWrite = "misreported-write";

    /// <summary>
    /// A server left a template's mark, a call or a further turn in a text. Only an edit of the finished conversation can cause this.
    /// </summary>
    public const string LeakedMarkup = "leaked-markup";

    /// <summary>All kinds, in a fixed order.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        WrongArgument,
        MissingWrite,
        ExtraWrite,
        WriteThenUndo,
        WriteBeforeYes,
        ConfirmedThenChanged,
        DataBeforeIdentity,
        ForbiddenWrite,
        NeedlessRefusal,
        WrongReason,
        UnknownTool,
        ToolNotOffered,
        MalformedArguments,
        WrongType,
        InventedIdentifier,
        FalseClaim,
        WrongAmount,
        OutputNotSaid,
        SaidThenContradicted,
        ShotgunAnswer,
        HumanLeak,
        HumanVolunteersAll,
        HumanInventsRequest,
        HumanDropsGoal,
        HumanStopsEarly,
        Loop,
        EmptyTurn,
        UnmadeHandOver,
        FalsePermission,
        InventedProcedure,
        FalseState,
        OffDomain,
        MisjudgedReason,
        UnaskedAdvice,
        CalledDifference,
        NeedlessRead,
        GuessedParameter,
        UnaskedParameter,
        AbsentTool,
        NeedlessCall,
        CarriedOn,
        EndlessRetry,
        GaveUp,
        FirstWish,
        FirstRequestOnly,
        WrittenAgain,
        LookalikeCall,
        NeedlessHandOver,
        SerialCalls,
        BundledCall,
        FirstRows,
        NearRow,
        TookClaim,
        UnreadRecord,
        RecordAtHand,
        DoneAgain,
        SameReply,
        BeforeAnswer,
        MisledDecision,
        ThoughtOfAnotherTool,
        ThoughtOfAnotherValue,
        ThoughtAgainstTheCall,
        ThoughtAhead,
        TamperedObservation,
        ContradictedWrite,
        MisreportedWrite,
        LeakedMarkup,
    ];

    /// <summary>The kinds that add a sentence of the agent to correct work.</summary>
    public static ImmutableArray<string> OfWords { get; } =
    [UnmadeHandOver, FalsePermission, InventedProcedure, FalseState, OffDomain, MisjudgedReason, UnaskedAdvice, CalledDifference];

    /// <summary>The kinds that only a task of a slice can have.</summary>
    public static ImmutableArray<string> OfSlices { get; } =
    [.. SliceAgents.All.SelectMany(a => a.KindsOfItsOwn).Distinct(StringComparer.Ordinal)];

    /// <summary>The kinds that tasks of a slice can have: those of any task, and those of the slice's agents.</summary>
    /// <param name="slice">Null: the tasks of no slice in particular.</param>
    public static ImmutableArray<string> OfTask(string? slice) =>
        [
            .. All.Where(k =>
                !OfThoughts.Contains(k)
                && (!OfSlices.Contains(k) || SliceAgents.Of(slice ?? "")?.Kinds.Contains(k, StringComparer.Ordinal) == true)
            ),
        ];

    /// <summary>The kinds that only an edit of the finished conversation can make.</summary>
    public static ImmutableArray<string> OfEdits { get; } = [TamperedObservation, ContradictedWrite, MisreportedWrite, LeakedMarkup];

    /// <summary>The kinds that the human or the agent can make, in the same order.</summary>
    public static ImmutableArray<string> OfRoles { get; } = [.. All.Where(k => !OfEdits.Contains(k))];

    /// <summary>The kinds of roles that are drawn unless a caller names others. Each keeps its dialogue from being accepted.</summary>
    public static ImmutableArray<string> Drawn { get; } =
    [.. OfRoles.Where(k => k != NeedlessRead && !OfSlices.Contains(k) && !OfThoughts.Contains(k))];
}
