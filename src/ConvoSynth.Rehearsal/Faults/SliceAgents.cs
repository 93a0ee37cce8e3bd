using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>The agents that must fail the tasks of a slice.</summary>
/// <param name="Slice">One of <see cref="Slices.All"/>.</param>
/// <param name="Blind">What an agent does that does not notice the slice.</param>
/// <param name="Own">What an agent does that notices it and takes the wrong way.</param>
public sealed record SliceAgents(string Slice, string Blind, ImmutableArray<string> Own)
{
    /// <summary>Each slice but <c>base</c>.</summary>
    public static ImmutableArray<SliceAgents> All { get; } =
    [
        new(Slices.MissingParameter, FaultKinds.UnaskedParameter, [FaultKinds.GuessedParameter]),
        new(Slices.MissingTool, FaultKinds.AbsentTool, []),
        new(Slices.Irrelevant, FaultKinds.NeedlessCall, []),
        new(Slices.OutOfPolicy, FaultKinds.ForbiddenWrite, [FaultKinds.WrongReason]),
        new(Slices.ToolError, FaultKinds.CarriedOn, [FaultKinds.EndlessRetry, FaultKinds.GaveUp]),
        new(Slices.ChangedMind, FaultKinds.FirstWish, []),
        new(Slices.Composite, FaultKinds.FirstRequestOnly, []),
        new(Slices.NoOp, FaultKinds.WrittenAgain, []),
        new(Slices.Ambiguous, FaultKinds.UnaskedParameter, [FaultKinds.GuessedParameter]),
        new(Slices.DistractorTools, FaultKinds.LookalikeCall, []),
        new(Slices.LateTool, FaultKinds.AbsentTool, [FaultKinds.NeedlessHandOver]),
        new(Slices.Parallel, FaultKinds.SerialCalls, [FaultKinds.BundledCall]),
        new(Slices.LongContext, FaultKinds.FirstRows, [FaultKinds.NearRow]),
        new(Slices.FalseApproval, FaultKinds.TookClaim, []),
        new(Slices.CorrectedFact, FaultKinds.FirstWish, []),
        new(Slices.OtherRecord, FaultKinds.UnreadRecord, [FaultKinds.RecordAtHand]),
        new(Slices.OffSubject, FaultKinds.NeedlessCall, [FaultKinds.NeedlessHandOver]),
        new(Slices.NoStop, FaultKinds.DoneAgain, [FaultKinds.SameReply]),
        new(Slices.DependsOnAnswer, FaultKinds.BeforeAnswer, [FaultKinds.MisledDecision]),
    ];

    /// <summary>All kinds of fault of these agents, the blind one first.</summary>
    public ImmutableArray<string> Kinds => [Blind, .. Own];

    /// <summary>Kinds of faults that tasks of no other slice can have.</summary>
    public ImmutableArray<string> KindsOfItsOwn => Slice == Slices.OutOfPolicy ? [] : Kinds;

    /// <summary>The agents of a slice; null for <c>base</c>.</summary>
    public static SliceAgents? Of(string slice) => All.FirstOrDefault(a => a.Slice == slice);
}
