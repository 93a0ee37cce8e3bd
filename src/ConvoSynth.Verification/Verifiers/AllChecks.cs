using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Checks;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>The checks in the order in which they run.</summary>
internal static class AllChecks
{
    /// <summary>The checks of the agent's thoughts, for runs whose rows show them.</summary>
    public static IReadOnlyList<ICheck> OfThoughts { get; } = [new ThoughtsCall(), new ThoughtsSeen()];

    /// <summary>The checks of a pack. Procedure checks without a rule in the pack are left out.</summary>
    public static IReadOnlyList<ICheck> For(Pack pack, int? maxNeedless = null) =>
        [
            new FormatArguments(),
            new FormatSchema(),
            new FormatNumbers(),
            new FormatToolName(),
            new FormatRoles(),
            new FormatMarkup(),
            new ReplayObservations(),
            new ReplayWritten(),
            new EnvironmentWrite(),
            new OutcomeEndState(),
            new OutcomeWrites(),
            new OutcomeOutputs(),
            new OutcomeRefusal(),
            new OutcomeAlready(),
            new OutcomeAsked(),
            new OutcomeLookedUp(),
            new OutcomeNoCall(),
            new OutcomeLookalike(),
            new OutcomeTried(),
            new OutcomeTogether(),
            new OutcomeOutputsWords(),
            new OutcomeRefusalWords(),
            new PolicyGuards(),
            .. Procedure(pack),
            new ProcedureJudged(pack),
            new ProcedureHandOver(pack),
            new ClaimsClaims(),
            new ClaimsValues(),
            new ClaimsObserved(),
            new ClaimsPermission(pack),
            new ClaimsState(pack),
            new ClaimsProcedure(pack),
            new GroundingArguments(),
            new HumanValues(),
            new HumanLeak(),
            new HumanEarlyStop(),
            new HumanMark(),
            new HumanWords(pack),
            new HumanManner(),
            new ConversationLoops(),
            new ConversationEmptyTurns(),
            new ConversationLength(ConversationBounds.Default),
            new ConversationFinishes(),
            new ConversationEnd(),
            new ConversationStops(),
            new ConversationTopic(pack),
            new EfficiencyNeedlessReads(GroundingChecks.Of(pack), maxNeedless),
        ];

    private static IEnumerable<ICheck> Procedure(Pack pack)
    {
        var book = new RuleBook(pack);
        if (book.Of("identify") is { Count: > 0 } identify)
            yield return new ProcedureIdentify(pack, identify);
        if (book.Of("confirm", "before") is { Count: > 0 } confirm)
            yield return new ProcedureConfirm(confirm);
        if (book.Of("order", "then") is { Count: > 0 } order)
            yield return new ProcedureOrder(book, order);
        if (book.Of("once", "tools") is { Count: > 0 } once)
            yield return new ProcedureOnce(pack, once);
        if (book.Of("alone", "tools") is { Count: > 0 } alone)
            yield return new ProcedureAlone(alone);
        if (book.Of("ask", "before") is { Count: > 0 } ask)
            yield return new ProcedureAsk(ask);
        if (book.Of("never_say") is { Count: > 0 } neverSay)
            yield return new ProcedureNeverSay(pack, neverSay);
        if (book.Of("transfer_iff") is { Count: > 0 } transfer)
            yield return new ProcedureTransfer(transfer);
    }
}
