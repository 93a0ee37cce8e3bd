using System.Runtime.CompilerServices;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Checks;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>
/// The checks that ask where something comes from. They find something new in a dialogue without a read if something rested on that read.
/// </summary>
internal static class GroundingChecks
{
    private static readonly ConditionalWeakTable<Pack, IReadOnlyList<ICheck>> Made = [];

    public static IReadOnlyList<ICheck> Of(Pack pack) => Made.GetValue(pack, static p => [.. For(p)]);

    private static IEnumerable<ICheck> For(Pack pack)
    {
        var book = new RuleBook(pack);
        if (book.Of("identify") is { Count: > 0 } identify)
            yield return new ProcedureIdentify(pack, identify);
        if (book.Of("order", "then") is { Count: > 0 } order)
            yield return new ProcedureOrder(book, order);
        if (book.Of("ask", "before") is { Count: > 0 } ask)
            yield return new ProcedureAsk(ask);
        yield return new GroundingArguments();
        yield return new OutcomeOutputs();
        yield return new OutcomeRefusal();
        yield return new ProcedureJudged(pack);
        yield return new ClaimsClaims();
        yield return new ClaimsValues();
        yield return new ClaimsObserved();
        yield return new ClaimsPermission(pack);
        yield return new ClaimsState(pack);
        yield return new ClaimsProcedure(pack);
    }
}
