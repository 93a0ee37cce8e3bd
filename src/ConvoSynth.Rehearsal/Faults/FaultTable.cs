using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>What the checks must find if a fault was planted.</summary>
/// <param name="Kind">One of <see cref="FaultKinds.All"/>.</param>
/// <param name="Fault">The party at fault; none if both human and agent can make it.</param>
/// <param name="Checks">The checks, as <c>stage.check</c>, of which at least one must reject the dialogue.</param>
/// <param name="Needs">What a dialogue must have for this fault; shown for a domain in which no dialogue has it.</param>
public sealed record FaultRule(string Kind, Fault Fault, ImmutableArray<string> Checks, string Needs);

/// <summary>Each kind of fault with the checks that must catch it. The checks do not use this table.</summary>
public static class FaultTable
{
    /// <summary>One rule for each of <see cref="FaultKinds.All"/>, in its order.</summary>
    public static ImmutableArray<FaultRule> Rules { get; } =
    [
        new(
            FaultKinds.WrongArgument,
            Fault.Agent,
            ["outcome.end-state", "outcome.writes"],
            "a wanted write that succeeds with another value"
        ),
        new(FaultKinds.MissingWrite, Fault.Agent, ["outcome.end-state"], "a wanted write"),
        new(FaultKinds.ExtraWrite, Fault.Agent, ["outcome.writes", "outcome.end-state"], "a write on another row that succeeds"),
        new(FaultKinds.WriteThenUndo, Fault.Agent, ["outcome.writes", "outcome.end-state"], "a write that another write takes back"),
        new(
            FaultKinds.WriteBeforeYes,
            Fault.Agent,
            ["procedure.confirm", "procedure.confirmation"],
            "a wanted write and a rule that asks for a yes before it"
        ),
        new(
            FaultKinds.ConfirmedThenChanged,
            Fault.Agent,
            ["procedure.confirmation", "procedure.confirm"],
            "a detail that must be confirmed and can have another value"
        ),
        new(
            FaultKinds.DataBeforeIdentity,
            Fault.Agent,
            ["procedure.identify"],
            "a read of personal rows that succeeds without the proof of identity"
        ),
        new(
            FaultKinds.ForbiddenWrite,
            Fault.Agent,
            ["policy.guards", "outcome.refusal"],
            "a write that policy forbids and the tool allows"
        ),
        new(FaultKinds.NeedlessRefusal, Fault.Agent, ["outcome.end-state"], "a wanted write"),
        new(FaultKinds.WrongReason, Fault.Agent, ["outcome.refusal-words"], "a refusal, and a reason of another clause"),
        new(FaultKinds.UnknownTool, Fault.Agent, ["format.tool-name"], "a call that matters"),
        new(FaultKinds.ToolNotOffered, Fault.Agent, ["format.tool-name"], "a tool that is not offered"),
        new(FaultKinds.MalformedArguments, Fault.Agent, ["format.arguments"], "a call that matters"),
        new(FaultKinds.WrongType, Fault.Agent, ["format.schema"], "a call with arguments"),
        new(FaultKinds.InventedIdentifier, Fault.Agent, ["grounding.arguments"], "a read by an id"),
        new(FaultKinds.FalseClaim, Fault.Agent, ["claims.claims"], "a wanted write and words that report it"),
        new(FaultKinds.WrongAmount, Fault.Agent, ["claims.claims"], "a report with an amount or a number"),
        new(FaultKinds.OutputNotSaid, Fault.Agent, ["outcome.outputs"], "an expected answer"),
        new(
            FaultKinds.SaidThenContradicted,
            Fault.Agent,
            ["outcome.outputs-words", "outcome.outputs"],
            "an expected answer that is a number, an amount or a date"
        ),
        new(
            FaultKinds.ShotgunAnswer,
            Fault.Agent,
            ["outcome.outputs-words", "outcome.outputs"],
            "an expected answer that is a number, an amount or a date"
        ),
        new(FaultKinds.HumanLeak, Fault.Human, ["human.leak"], "a fact that is never to be said"),
        new(FaultKinds.HumanVolunteersAll, Fault.Human, ["human.words"], "two facts or more that are said when asked only"),
        new(FaultKinds.HumanInventsRequest, Fault.Human, ["human.words"], "an act on a row of the human that the scenario does not want"),
        new(FaultKinds.HumanDropsGoal, Fault.Human, ["human.words"], "two requests or more"),
        new(FaultKinds.HumanStopsEarly, Fault.Human, ["human.early-stop", "human.words"], "a wanted write that needs a yes"),
        new(FaultKinds.Loop, Fault.Agent, ["conversation.loops"], "a read, or a last question"),
        new(FaultKinds.EmptyTurn, Fault.None, ["conversation.empty-turns"], "a turn"),
        new(FaultKinds.UnmadeHandOver, Fault.Agent, ["procedure.hand-over"], "a talk that is not handed over"),
        new(
            FaultKinds.FalsePermission,
            Fault.Agent,
            ["claims.permission"],
            "a row for which a guard forbids an act whatever its other arguments"
        ),
        new(FaultKinds.InventedProcedure, Fault.Agent, ["claims.procedure", "claims.claims"], "a word of the agent"),
        new(
            FaultKinds.FalseState,
            Fault.Agent,
            ["claims.state"],
            "a row with a choice that no argument sets, or people with a first and a last name"
        ),
        new(FaultKinds.OffDomain, Fault.Agent, ["conversation.topic"], "a word of the agent"),
        new(FaultKinds.MisjudgedReason, Fault.Agent, ["procedure.judged"], "a rule with slips"),
        new(FaultKinds.UnaskedAdvice, Fault.Agent, ["claims.procedure"], "a word of the agent"),
        new(
            FaultKinds.CalledDifference,
            Fault.Agent,
            ["claims.values"],
            "a price in an observation that is no sum and no difference of others"
        ),
        new(
            FaultKinds.NeedlessRead,
            Fault.Agent,
            ["efficiency.needless-reads"],
            "a read after the proof of identity, and another whose arguments are known by then"
        ),
        new(
            FaultKinds.GuessedParameter,
            Fault.Agent,
            ["outcome.end-state", "outcome.asked", "outcome.writes"],
            "a value that the human leaves out"
        ),
        new(FaultKinds.UnaskedParameter, Fault.Agent, ["outcome.asked"], "a value that the human leaves out"),
        new(FaultKinds.AbsentTool, Fault.Agent, ["format.tool-name", "procedure.transfer-iff"], "a wish whose tool is not offered"),
        new(FaultKinds.NeedlessCall, Fault.Agent, ["outcome.no-call"], "a question that the policy alone answers, or small talk"),
        new(
            FaultKinds.CarriedOn,
            Fault.Agent,
            ["outcome.end-state", "outcome.outputs", "outcome.refusal", "grounding.arguments", "procedure.transfer-iff"],
            "a call that the environment fails"
        ),
        new(FaultKinds.EndlessRetry, Fault.Agent, ["conversation.loops"], "a call that the environment fails for good"),
        new(
            FaultKinds.GaveUp,
            Fault.Agent,
            ["outcome.end-state", "outcome.outputs", "outcome.refusal"],
            "a call that the environment fails once"
        ),
        new(FaultKinds.FirstWish, Fault.Agent, ["outcome.end-state", "outcome.writes"], "a wish that the human changes"),
        new(
            FaultKinds.FirstRequestOnly,
            Fault.Agent,
            ["outcome.end-state", "outcome.outputs", "outcome.refusal", "outcome.refusal-words"],
            "several wishes told at once"
        ),
        new(FaultKinds.WrittenAgain, Fault.Agent, ["outcome.writes", "outcome.refusal"], "a wish that is fulfilled already"),
        new(FaultKinds.LookalikeCall, Fault.Agent, ["outcome.lookalike"], "a tool that only looks like one of the gold's"),
        new(
            FaultKinds.NeedlessHandOver,
            Fault.Agent,
            ["procedure.transfer-iff", "outcome.end-state"],
            "a tool that comes late, or small talk"
        ),
        new(FaultKinds.SerialCalls, Fault.Agent, ["outcome.together"], "calls that do not depend on each other"),
        new(FaultKinds.BundledCall, Fault.Agent, ["outcome.together", "grounding.arguments"], "a call that needs the result of another"),
        new(FaultKinds.FirstRows, Fault.Agent, ["outcome.end-state"], "a row that stands deep in a list"),
        new(FaultKinds.NearRow, Fault.Agent, ["outcome.end-state", "outcome.writes"], "a row that stands deep in a list"),
        new(FaultKinds.TookClaim, Fault.Agent, ["policy.guards", "outcome.refusal"], "a claim of the human after a refusal"),
        new(FaultKinds.UnreadRecord, Fault.Agent, ["outcome.looked-up"], "a value that stands only in another record"),
        new(FaultKinds.RecordAtHand, Fault.Agent, ["outcome.end-state", "outcome.writes"], "a value that stands only in another record"),
        new(FaultKinds.DoneAgain, Fault.Agent, ["outcome.writes", "outcome.end-state", "policy.guards"], "a human who does not stop"),
        new(FaultKinds.SameReply, Fault.Agent, ["conversation.loops"], "a human who does not stop"),
        new(
            FaultKinds.BeforeAnswer,
            Fault.Agent,
            ["outcome.end-state", "outcome.writes", "outcome.outputs", "procedure.confirm", "procedure.confirmation"],
            "a wish that hangs on an answer"
        ),
        new(FaultKinds.MisledDecision, Fault.Agent, ["outcome.outputs", "outcome.end-state"], "a wish that hangs on an answer"),
        new(FaultKinds.ThoughtOfAnotherTool, Fault.Agent, ["thoughts.call"], "a call with a thought"),
        new(FaultKinds.ThoughtOfAnotherValue, Fault.Agent, ["thoughts.call"], "a call of a row or a choice, with a thought"),
        new(FaultKinds.ThoughtAgainstTheCall, Fault.Agent, ["thoughts.call"], "a write with a thought"),
        new(FaultKinds.ThoughtAhead, Fault.Agent, ["thoughts.seen"], "a call that shows a name or a code for the first time"),
        new(FaultKinds.TamperedObservation, Fault.Environment, ["replay.observations"], "an observation with a value"),
        new(
            FaultKinds.ContradictedWrite,
            Fault.Environment,
            ["replay.written"],
            "a write whose observation shows a value that it was given"
        ),
        new(
            FaultKinds.MisreportedWrite,
            Fault.Agent,
            ["claims.observed"],
            "a write whose observation shows a choice that it was given, and words of the agent after it"
        ),
        new(FaultKinds.LeakedMarkup, Fault.Endpoint, ["format.markup"], "a word of the agent or the human"),
    ];

    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static FaultRule Of(string kind) =>
        Rules.FirstOrDefault(r => r.Kind == kind)
        ?? throw new ArgumentException($"no fault is called \"{kind}\"; there are {string.Join(", ", FaultKinds.All)}", nameof(kind));
}
