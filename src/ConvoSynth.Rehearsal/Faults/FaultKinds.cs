using System.Collections.Immutable;

namespace ConvoSynth.Rehearsal;

/// <summary>The mistakes that can be planted in a dialogue. The names label the messages that carry them; <see cref="FaultTable"/> says what must catch each.</summary>
public static class FaultKinds
{
    /// <summary>A write succeeds with a value that nobody asked for.</summary>
    public const string WrongArgument = "wrong-argument";

    /// <summary>A confirmed write is not made, and passed over in silence.</summary>
    public const string MissingWrite = "missing-write";

    /// <summary>A write succeeds that nobody asked for.</summary>
    public const string ExtraWrite = "extra-write";

    /// <summary>A write succeeds and is taken back by another, so that the end state alone may not show it.</summary>
    public const string WriteThenUndo = "write-then-undo";

    /// <summary>The wanted write is made before its details were said and agreed to.</summary>
    public const string WriteBeforeYes = "write-before-yes";

    /// <summary>The human agrees to one value of a detail, and the write is made with another.</summary>
    public const string ConfirmedThenChanged = "confirmed-then-changed";

    /// <summary>A read shows somebody's data before that somebody proved who they are.</summary>
    public const string DataBeforeIdentity = "data-before-identity";

    /// <summary>A write that policy forbids is made instead of refused.</summary>
    public const string ForbiddenWrite = "forbidden-write";

    /// <summary>An allowed wish is refused.</summary>
    public const string NeedlessRefusal = "needless-refusal";

    /// <summary>What must be refused is refused, but for a reason that does not apply.</summary>
    public const string WrongReason = "wrong-reason";

    /// <summary>A tool is called that does not exist, and the agent goes on as if it had worked.</summary>
    public const string UnknownTool = "unknown-tool";

    /// <summary>A tool of the domain is called that was not offered in this dialogue.</summary>
    public const string ToolNotOffered = "tool-not-offered";

    /// <summary>A call's arguments are no JSON, and the agent goes on as if it had worked.</summary>
    public const string MalformedArguments = "malformed-arguments";

    /// <summary>An argument has another JSON type than the tool's schema asks for.</summary>
    public const string WrongType = "wrong-type";

    /// <summary>A call names an id that nobody said and no tool showed.</summary>
    public const string InventedIdentifier = "invented-identifier";

    /// <summary>The agent says that it did what it did not do.</summary>
    public const string FalseClaim = "false-claim";

    /// <summary>A report of what was done has a wrong amount or number.</summary>
    public const string WrongAmount = "wrong-amount";

    /// <summary>A question is answered without the value that was asked for.</summary>
    public const string OutputNotSaid = "output-not-said";

    /// <summary>The right answer is given, and then another in its place.</summary>
    public const string SaidThenContradicted = "said-then-contradicted";

    /// <summary>Several values are given as the answer, so that one of them is right.</summary>
    public const string ShotgunAnswer = "shotgun-answer";

    /// <summary>The human says a fact that is never to be said.</summary>
    public const string HumanLeak = "human-leak";

    /// <summary>The human says in the first message all that is to be said when asked only.</summary>
    public const string HumanVolunteersAll = "human-volunteers-all";

    /// <summary>The human asks for something that the scenario does not have.</summary>
    public const string HumanInventsRequest = "human-invents-request";

    /// <summary>The human never asks for one of the things that the scenario wants.</summary>
    public const string HumanDropsGoal = "human-drops-goal";

    /// <summary>The human ends the dialogue when asked for the yes to a wanted write.</summary>
    public const string HumanStopsEarly = "human-stops-early";

    /// <summary>The agent makes one call, or says one text, three times in a row.</summary>
    public const string Loop = "loop";

    /// <summary>A party has its turn and neither says nor does anything.</summary>
    public const string EmptyTurn = "empty-turn";

    /// <summary>The agent announces a hand-over to a person and never makes it.</summary>
    public const string UnmadeHandOver = "unmade-hand-over";

    /// <summary>The agent says that something may be done, or offers it, while a guard forbids it for that row.</summary>
    public const string FalsePermission = "false-permission";

    /// <summary>The agent tells of a procedure, a channel, a fee or a term that nothing speaks of.</summary>
    public const string InventedProcedure = "invented-procedure";

    /// <summary>The agent tells a state of a row that has another or was never read, or names a person whom nothing shows.</summary>
    public const string FalseState = "false-state";

    /// <summary>The agent helps with what is no matter of its domain.</summary>
    public const string OffDomain = "off-domain";

    /// <summary>The agent weighs a reason by a clause that has another: in the words that the pack's rule gives for it.</summary>
    public const string MisjudgedReason = "misjudged-reason";

    /// <summary>An observation is not what the environment returned. No role can do this: only an edit of the finished conversation.</summary>
    public const string TamperedObservation = "tampered-observation";

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
        TamperedObservation,
    ];

    /// <summary>The kinds that are a sentence of the agent beside work that is right.</summary>
    public static ImmutableArray<string> OfWords { get; } =
    [UnmadeHandOver, FalsePermission, InventedProcedure, FalseState, OffDomain, MisjudgedReason];

    /// <summary>The kinds that human or agent can be told to make, in the same order.</summary>
    public static ImmutableArray<string> OfRoles { get; } = All.Remove(TamperedObservation);
}
