using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>The row that a binding begins with.</summary>
internal sealed class AnchorRows(Pack pack, GuardIndex guards)
{
    private const double BoundaryShare = 0.3;
    private const double PatchShare = 0.1;
    private readonly SlotRows _slotRows = new(pack);

    // The row to begin with: a row that a write names and whose guards must have the cell's outcomes, else a row whose slot has its own
    // condition.
    public (DoGoal? Goal, ToolParameter? Parameter, string Slot)? Anchor(Cell cell)
    {
        var named = Named(cell);
        if (
            named is { } found
            && (
                found.Slot != Binder.OwnerSlot || (cell.Broken is not null && guards.Decides(found.Goal.Tool, found.Parameter, cell.Broken))
            )
        )
            return (found.Goal, found.Parameter, found.Slot);
        if (cell.Intent.Slots.FirstOrDefault(_slotRows.IsSelective) is { } slot)
            return (null, null, slot.Name);
        return named is { } own ? (own.Goal, own.Parameter, own.Slot) : null;
    }

    private (DoGoal Goal, ToolParameter Parameter, string Slot)? Named(Cell cell)
    {
        var goal = cell.Target as DoGoal ?? cell.Intent.Goals.OfType<DoGoal>().FirstOrDefault();
        if (goal is null)
            return null;
        (DoGoal, ToolParameter, string)? best = null;
        foreach (var (parameter, value) in goal.With)
        {
            if (IsOwnKey(parameter, value))
            {
                best ??= (goal, parameter, Binder.OwnerSlot);
                if (cell.Broken is not null && guards.Decides(goal.Tool, parameter, cell.Broken))
                    return (goal, parameter, Binder.OwnerSlot);
                continue;
            }

            if (
                value is not ValueOf { Formula: NamePath { Rest: null } name }
                || cell.Intent.Slot(name.Head) is not { Of: null, Entity: { } entity }
                || parameter.IsList
            )
                continue;
            if (!pack.Rows.IsOwned(entity))
                continue;
            best ??= (goal, parameter, name.Head);
            if (cell.Broken is not null && guards.Decides(goal.Tool, parameter, cell.Broken))
                return (goal, parameter, name.Head);
        }

        return best;
    }

    // The human's own row is bound before any slot.
    private bool IsOwnKey(ToolParameter parameter, ArgumentSpec value) =>
        value is ValueOf { Formula: NamePath { Head: Binder.OwnerSlot } path }
        && parameter.Is == $"{pack.Domain.Who}.{pack.Domain.Entity(pack.Domain.Who).Key}"
        && (path.Rest is null || path.Rest == pack.Domain.Entity(pack.Domain.Who).Key);

    public EntityRow? Row(
        Cell cell,
        (DoGoal? Goal, ToolParameter? Parameter, string Slot) start,
        Func<IReadOnlyList<EntityRow>, EntityRow> pick,
        SeededRandom random,
        out ImmutableArray<Change> patch
    )
    {
        patch = [];
        var slot = cell.Intent.Slot(start.Slot);
        if (start is not ({ } goal, { } parameter, _))
            return _slotRows.All(slot!) is { Count: > 0 } all ? pick(all) : null;
        var anchor = (Goal: goal, Parameter: parameter);
        var broken =
            cell.Broken is { DependsOnRowsOnly: true } guard && guards.Decides(anchor.Goal.Tool, anchor.Parameter, guard) ? guard : null;
        var boundary = random.Chance(BoundaryShare);
        var rows = Suiting(boundary);
        if (rows.Count == 0)
            rows = Suiting(false);
        if (rows.Count > 0 && !(broken is not null && random.Chance(PatchShare)))
            return pick(rows);
        if (broken is null)
            return null;

        // No row of the data breaks only this guard (or the draw asks for a patch): a recorded patch of one field does it.
        var holding = _slotRows.Kept(slot, anchor.Goal.Tool, anchor.Parameter, null, false, guards);
        for (var i = 0; i < Binder.Tries && holding.Count > 0; i++)
        {
            var row = i == 0 ? pick(holding) : random.Pick(holding);
            var arguments = (JsonMap)Json.Map((anchor.Parameter.Name, row.Key));
            var near = pack.Rows.Owner(pack.BaseView, row) is { } owner && owner.Identity != row.Identity ? [row, owner] : new[] { row };
            foreach (var step in random.Shuffled(near.SelectMany(r => FieldSteps.Large(pack, r))))
            {
                var db = pack.View([step]);
                if (!pack.Guards.BreaksOnly(broken, db, anchor.Goal.Tool, arguments))
                    continue;
                patch = [step];
                return pack.Rows.Find(db, row.Entity, row.Key);
            }
        }

        return rows.Count > 0 ? pick(rows) : null;

        IReadOnlyList<EntityRow> Suiting(bool boundaryOnly) =>
            _slotRows.Kept(slot, anchor.Goal.Tool, anchor.Parameter, broken, boundaryOnly, guards);
    }
}
