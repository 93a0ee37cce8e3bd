using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>
/// Plants a fault by editing a finished conversation. This covers dialogues of real models, and a fault that no role can make: an
/// observation that differs from the environment's. Calls are re-executed after an edit, so that the observations match it.
/// </summary>
public static class ConversationFaults
{
    /// <summary>Why the kind cannot be planted by an edit of a recorded dialogue; null if it can.</summary>
    public static string? WhyNot(string kind) =>
        kind switch
        {
            FaultKinds.HumanLeak
            or FaultKinds.HumanVolunteersAll
            or FaultKinds.HumanInventsRequest
            or FaultKinds.HumanDropsGoal
            or FaultKinds.HumanStopsEarly => "a recorded task has no scenario that the human could leave",
            FaultKinds.ForbiddenWrite or FaultKinds.WrongReason => "a recorded task does not say what must be refused",
            FaultKinds.ContradictedWrite or FaultKinds.MisreportedWrite => "the benchmark's tools do not always show what they wrote",
            _ when FaultKinds.OfSlices.Contains(kind, StringComparer.Ordinal) => "only a task of a slice has agents that must fail it",
            _ when FaultKinds.OfThoughts.Contains(kind, StringComparer.Ordinal) => "a recorded agent shows no thoughts",
            _ => null,
        };

    /// <summary>The conversation with the observations that the environment returns to its calls today.</summary>
    public static Conversation Observed(Pack pack, Blueprint blueprint, Conversation conversation)
    {
        var draft = new Draft(conversation);
        draft.Observe(pack, blueprint);
        return draft.Finish();
    }

    /// <summary>The conversation without a message of calls and their observations; what the agent says beside the calls stays.</summary>
    /// <param name="at">Index of the message.</param>
    public static Conversation Without(Pack pack, Blueprint blueprint, Conversation conversation, int at)
    {
        var draft = new Draft(conversation);
        var message = conversation.Messages[at];
        draft.Remove(at + 1, message.ToolCalls.Length);
        if (string.IsNullOrWhiteSpace(message.Content))
            draft.Remove(at);
        else
            draft.Replace(at, message with { ToolCalls = [] });
        draft.Observe(pack, blueprint);
        return draft.Finish();
    }

    /// <summary>The conversation with one fault of the kind; null if the kind does not fit.</summary>
    /// <param name="clean">A conversation whose observations match the environment's.</param>
    public static PlantedEdit? Plant(string kind, Pack pack, Blueprint blueprint, Conversation clean, Seed seed)
    {
        var random = seed.Random();
        var calls = new CallEdits(pack, blueprint, clean, random);
        var texts = new TextEdits(pack, blueprint, clean, random);
        if (kind == FaultKinds.ToolNotOffered)
            return calls.NotOffered();
        if (kind == FaultKinds.NeedlessRead)
            return calls.Needless();
        if (FaultKinds.OfWords.Contains(kind, StringComparer.Ordinal))
            return texts.Loose(kind) is { } loose ? new(blueprint, loose) : null;
        var edited = kind switch
        {
            FaultKinds.WrongArgument => calls.OtherArgument(confirmedOnly: false),
            FaultKinds.ConfirmedThenChanged => calls.OtherArgument(confirmedOnly: true),
            FaultKinds.MissingWrite or FaultKinds.FalseClaim => calls.Dropped(),
            FaultKinds.NeedlessRefusal => calls.Refused(),
            FaultKinds.ExtraWrite => calls.Extra(),
            FaultKinds.WriteThenUndo => calls.ThenUndone(),
            FaultKinds.WriteBeforeYes => calls.Unconfirmed(),
            FaultKinds.DataBeforeIdentity => calls.Unidentified(),
            FaultKinds.UnknownTool => calls.UnknownTool(),
            FaultKinds.MalformedArguments => calls.Malformed(),
            FaultKinds.WrongType => calls.WrongType(),
            FaultKinds.InventedIdentifier => calls.InventedIdentifier(),
            FaultKinds.Loop => calls.Looped(),
            FaultKinds.WrongAmount => texts.OtherAmount(),
            FaultKinds.OutputNotSaid => texts.NotSaid(),
            FaultKinds.SaidThenContradicted => texts.Contradicted(),
            FaultKinds.ShotgunAnswer => texts.Shotgun(),
            FaultKinds.EmptyTurn => texts.Emptied(),
            FaultKinds.TamperedObservation => texts.Tampered(),
            FaultKinds.ContradictedWrite => new ShownWriteEdits(pack, clean, random).Contradicted(),
            FaultKinds.MisreportedWrite => new ShownWriteEdits(pack, clean, random).Misreported(),
            FaultKinds.LeakedMarkup => new LeakEdits(pack, clean, random).Leaked(),
            _ => null,
        };
        return edited is null ? null : new(blueprint, edited);
    }
}
