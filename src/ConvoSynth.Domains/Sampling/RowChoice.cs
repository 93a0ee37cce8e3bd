using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Resolves a slot with <c>pick</c>: the best of the rows that fit, and the rows that tie with it.</summary>
internal static class RowChoice
{
    /// <returns>Null if fewer than two rows fit, since that leaves no choice.</returns>
    public static (EntityRow Chosen, IReadOnlyList<EntityRow> Tied)? Best(
        SlotSpec slot,
        FormulaScope scope,
        IReadOnlyCollection<EntityRow> taken,
        SeededRandom random
    )
    {
        var (smallest, by) = slot.Pick!.Value;
        var candidates = scope
            .Rows(slot.Entity!, slot.Of, slot.Where)
            .Where(r => !taken.Any(t => t.IsSame(r)) && scope.IsOwn(slot, r) && (slot.Where is null || slot.Where.Holds(scope.For(r))))
            .ToArray();
        if (candidates.Length < 2)
            return null;
        var values = Array.ConvertAll(candidates, r => by.Evaluate(scope.For(r)));
        var best = values.Aggregate((x, y) => Aggregate.Compare(x, y) < 0 == smallest ? x : y);
        EntityRow[] tied = [.. candidates.Where((_, i) => values[i] == best)];
        var chosen = random.Pick(tied);
        return (chosen, [.. tied.Where(r => !r.IsSame(chosen))]);
    }
}
