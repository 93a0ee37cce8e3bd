using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Finds rows for an intent's slots such that the cell's guard outcomes occur. The anchor row comes from the guard index; for the
/// other slots only rows related to it are tried.
/// </summary>
public sealed class Binder(Pack pack, GuardIndex guards)
{
    private readonly SlotRows _slotRows = new(pack);

    private const int Tries = 12;
    private const int Exchanges = 30;
    private const int Redraws = 12;
    private const string OwnerSlot = "owner";
    private const double BoundaryShare = 0.3;
    private const double PatchShare = 0.1;

    // Which goals use a slot, and which arguments are left open, is the same for every binding.
    private readonly ConcurrentDictionary<SlotSpec, (DoGoal Goal, ToolParameter Parameter)[]> _uses = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly ConcurrentDictionary<IntentSpec, (DoGoal Goal, ToolParameter Parameter)[]> _open = new(
        ReferenceEqualityComparer.Instance
    );

    /// <param name="attempt">How often this visit of the cell has failed so far.</param>
    public Binding? Bind(Cell cell, Turn turn, int attempt, SeededRandom random)
    {
        var anchor = Anchor(cell);
        for (var i = 0; i < Tries; i++)
        {
            var patch = ImmutableArray<Change>.Empty;
            EntityRow? row = null;
            if (anchor is { } a)
            {
                row = Row(cell, a, r => turn.Pick(r, (attempt * Tries) + i), random, out patch);
                if (row is null)
                    return null;
            }

            if (Fill(cell, anchor?.Slot, row, patch, random) is { } binding)
                return binding;
        }

        return null;
    }

    /// <summary>The same task in a world with one changed field that reverses its outcome; null if no single change does.</summary>
    public Binding? Twin(Binding binding, SeededRandom random)
    {
        var cell = binding.Cell;
        var goal = cell.Target as DoGoal ?? cell.Intent.Goals.OfType<DoGoal>().FirstOrDefault();
        if (goal is null || !binding.Patch.IsEmpty)
            return null;
        var arguments = binding.Arguments(goal, binding.Scope(pack, pack.BaseView));
        var wanted = cell.Broken is not null ? null : random.Shuffled(goal.Tool.Guards.Where(g => g.DependsOnRowsOnly));
        foreach (var step in random.Shuffled(Concerned(binding, goal, arguments).SelectMany(r => FieldSteps.Large(pack, r))))
        {
            var broken = pack.Guards.Broken(pack.View([step]), goal.Tool, arguments);
            if (wanted is null ? broken.Count != 0 : broken.Count != 1)
                continue;
            var turned = cell with
            {
                Target = goal,
                Broken = wanted is null ? null : broken[0],
                Shape = TwinShape(cell, goal, wanted is not null),
            };
            return Rebound(binding with { Cell = turned, Patch = [step] });
        }

        return null;
    }

    private static string TwinShape(Cell cell, DoGoal goal, bool refused)
    {
        if (goal.Else is not null)
            return cell.Shape;
        var rest = cell.Shape.Split('+').Where(s => s is not ("refusal" or "plain")).ToArray();
        return string.Join(
            '+',
            refused ? ["refusal", .. rest]
                : rest.Length == 0 ? ["plain"]
                : rest
        );
    }

    private IEnumerable<EntityRow> Concerned(Binding binding, DoGoal goal, JsonMap arguments) =>
        goal
            .Tool.Guards.SelectMany(g => g.Parameters)
            .Where(p => p.Input == GuardInput.Row)
            .Select(p => p.Name)
            .Distinct(StringComparer.Ordinal)
            .Select(name => pack.Guards.RowFor(pack.BaseView, goal.Tool, arguments, pack.Domain.Entity(name)))
            .OfType<EntityRow>();

    // Rows are immutable values, so they must be read again under a patch.
    private Binding? Rebound(Binding binding)
    {
        var db = pack.View(binding.Patch);
        var slots = new Dictionary<string, EntityRow>(StringComparer.Ordinal);
        foreach (var (name, row) in binding.Slots)
        {
            var within = row.Parent is null ? null : pack.Rows.Find(db, row.Parent.Entity, row.Parent.Key);
            if (pack.Rows.Find(db, row.Entity, row.Key, within) is not { } now)
                return null;
            slots[name] = now;
        }

        return pack.Rows.Find(db, binding.Owner.Entity, binding.Owner.Key) is { } owner
            ? binding with
            {
                Slots = slots,
                Owner = owner,
            }
            : null;
    }

    // The row to begin with: a row that a write names and whose guards must have the cell's outcomes, else a row whose slot has its own
    // condition.
    private (DoGoal? Goal, ToolParameter? Parameter, string Slot)? Anchor(Cell cell)
    {
        var named = Named(cell);
        if (
            named is { } found
            && (found.Slot != OwnerSlot || (cell.Broken is not null && guards.Decides(found.Goal.Tool, found.Parameter, cell.Broken)))
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
                best ??= (goal, parameter, OwnerSlot);
                if (cell.Broken is not null && guards.Decides(goal.Tool, parameter, cell.Broken))
                    return (goal, parameter, OwnerSlot);
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
        value is ValueOf { Formula: NamePath { Head: OwnerSlot } path }
        && parameter.Is == $"{pack.Domain.Who}.{pack.Domain.Entity(pack.Domain.Who).Key}"
        && (path.Rest is null || path.Rest == pack.Domain.Entity(pack.Domain.Who).Key);

    private EntityRow? Row(
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
            return _slotRows.All(cell.Intent, slot!) is { Count: > 0 } all ? pick(all) : null;
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
        var holding = _slotRows.Kept(cell.Intent, slot, anchor.Goal.Tool, anchor.Parameter, null, false, guards);
        for (var i = 0; i < Tries && holding.Count > 0; i++)
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
            _slotRows.Kept(cell.Intent, slot, anchor.Goal.Tool, anchor.Parameter, broken, boundaryOnly, guards);
    }

    private Binding? Fill(Cell cell, string? anchorSlot, EntityRow? anchor, ImmutableArray<Change> patch, SeededRandom random)
    {
        var db = patch.IsEmpty ? pack.BaseView : pack.View(patch);
        var owner = anchor is null ? AnyOwner(random) : pack.Rows.Owner(db, anchor);
        if (owner is null)
            return null;
        var slots = new Dictionary<string, EntityRow>(StringComparer.Ordinal);
        var entries = new Dictionary<string, JsonMap>(StringComparer.Ordinal);
        var ties = new Dictionary<string, IReadOnlyList<EntityRow>>(StringComparer.Ordinal);
        if (anchorSlot is not null and not OwnerSlot)
            slots[anchorSlot] = anchor!;
        var scope = new FormulaScope
        {
            Pack = pack,
            Db = db,
            Owner = owner,
            Slots = slots,
            Entries = entries,
        };
        foreach (var slot in cell.Intent.Slots)
        {
            if (slot.Entity is null)
            {
                entries[slot.Name] = random.Pick(slot.Entries);
                continue;
            }

            if (slot.Name == anchorSlot)
            {
                if (slot.Where is not null && !slot.Where.Holds(scope.For(anchor!)))
                    return null;
                continue;
            }

            bool Fits(EntityRow r) => !Holds(slots, r) && scope.IsOwn(slot, r) && (slot.Where is null || slot.Where.Holds(scope.For(r)));
            if (slot.Pick is not null)
            {
                if (RowChoice.Best(slot, scope, slots.Values, random) is not { } choice)
                    return null;
                (slots[slot.Name], ties[slot.Name]) = choice;
            }
            else if (Fitting(cell, slot, scope.Rows(slot.Entity, slot.Of, slot.Where), Fits, db, random) is { } row)
            {
                slots[slot.Name] = row;
            }
            else
            {
                return null;
            }
        }

        var binding = new Binding
        {
            Cell = cell,
            Owner = owner,
            Slots = slots,
            Entries = entries,
            Ties = ties,
            Drawn = Draw(cell, random),
            Patch = patch,
        };
        for (var i = 0; i < Redraws; i++)
        {
            if (Suits(binding, db))
                return binding;
            if (binding.Drawn.Count == 0)
                break;
            binding = binding with { Drawn = Draw(cell, random) };
        }

        return cell.Broken is { DependsOnRowsOnly: false } ? Exchanged(binding, anchorSlot, db) : null;
    }

    // A guard over several arguments may need particular partner rows to break, so each free slot is tried with each of its rows.
    private Binding? Exchanged(Binding binding, string? anchorSlot, Db db)
    {
        var scope = binding.Scope(pack, db);
        // All trials share one dictionary: a formula sees the row on trial in its slot, and a failed trial leaves nothing behind.
        var slots = new Dictionary<string, EntityRow>(binding.Slots, StringComparer.Ordinal);
        var exchanged = binding with { Slots = slots };
        foreach (var slot in binding.Cell.Intent.Slots)
        {
            if (
                slot.Entity is null
                || slot.Name == anchorSlot
                || slot.Pick is not null
                || binding.Cell.Intent.Slots.Any(s => s.Of == slot.Name)
            )
                continue;
            foreach (var row in scope.Rows(slot.Entity, slot.Of, slot.Where).Take(Exchanges))
            {
                if (Holds(binding.Slots, row) || !scope.IsOwn(slot, row) || slot.Where?.Holds(scope.For(row)) == false)
                    continue;
                slots[slot.Name] = row;
                if (Suits(exchanged, db))
                    return exchanged;
            }

            slots[slot.Name] = binding.Slots[slot.Name];
        }

        return null;
    }

    private static bool Holds(IReadOnlyDictionary<string, EntityRow> slots, EntityRow row)
    {
        foreach (var (_, held) in slots)
        {
            if (held.IsSame(row))
                return true;
        }

        return false;
    }

    private EntityRow AnyOwner(SeededRandom random)
    {
        var who = pack.Domain.Entity(pack.Domain.Who);
        return new(who, random.Pick(pack.Base[who.Table].Rows), null);
    }

    // From a random position, the first row that fits and whose own guards have the wanted outcomes; failing that, the first that fits.
    private EntityRow? Fitting(
        Cell cell,
        SlotSpec slot,
        IEnumerable<EntityRow> rows,
        Func<EntityRow, bool> fits,
        Db db,
        SeededRandom random
    )
    {
        var all = rows as EntityRow[] ?? rows.ToArray();
        if (all.Length == 0)
            return null;
        var uses = _uses.GetOrAdd(
            slot,
            static (s, intent) =>
                [
                    .. intent
                        .Goals.SelectMany(Writes)
                        .SelectMany(g =>
                            g.With.Where(w =>
                                    w.Value is ValueOf { Formula: NamePath { Rest: null } name }
                                    && name.Head == s.Name
                                    && !w.Parameter.IsList
                                )
                                .Select(w => (g, w.Parameter))
                        ),
                ],
            cell.Intent
        );
        var from = random.Next(all.Length);
        EntityRow? first = null;
        for (var i = 0; i < all.Length; i++)
        {
            var row = all[(from + i) % all.Length];
            if (!fits(row))
                continue;
            if (Array.TrueForAll(uses, u => Suits(cell, u.Goal, u.Parameter, row, db)))
                return row;
            first ??= row;
        }

        return first;
    }

    private bool Suits(Cell cell, DoGoal goal, ToolParameter parameter, EntityRow row, Db db)
    {
        var wanted = ReferenceEquals(goal, cell.Target) ? cell.Broken : null;
        foreach (var guard in goal.Tool.Guards)
        {
            if (guards.Test(db, goal.Tool, parameter, guard, row) is { } holds && holds == ReferenceEquals(guard, wanted))
                return false;
        }

        return true;
    }

    internal static IEnumerable<DoGoal> Writes(GoalSpec goal) =>
        goal switch
        {
            DoGoal write => write.Else is null ? [write] : Writes(write.Else).Prepend(write),
            IfGoal branch => Writes(branch.Then).Concat(Writes(branch.Else)),
            _ => [],
        };

    private Dictionary<(GoalSpec, string), Json> Draw(Cell cell, SeededRandom random)
    {
        var drawn = new Dictionary<(GoalSpec, string), Json>(Binding.ByGoal);
        foreach (
            var (goal, parameter) in _open.GetOrAdd(
                cell.Intent,
                static intent =>
                    [
                        .. intent
                            .Goals.SelectMany(Writes)
                            .SelectMany(g =>
                                g.With.Where(w => w.Value is AnyValue or ListOf { Items: [AnyValue] }).Select(w => (g, w.Parameter))
                            ),
                    ]
            )
        )
        {
            drawn[(goal, parameter.Name)] = ArgumentDraw.Any(parameter.Schema, random);
        }

        return drawn;
    }

    private bool Suits(Binding binding, Db db)
    {
        var cell = binding.Cell;
        var scope = binding.Scope(pack, db);
        foreach (var goal in cell.Intent.Goals)
        {
            if (goal is DoGoal write)
            {
                if (
                    !pack.Guards.BreaksOnly(
                        ReferenceEquals(goal, cell.Target) ? cell.Broken : null,
                        db,
                        write.Tool,
                        binding.Arguments(write, scope)
                    )
                )
                    return false;
            }
            else if (goal is IfGoal condition && ReferenceEquals(goal, cell.Target) && condition.Condition.Holds(scope) != cell.Condition)
            {
                return false;
            }
        }

        return true;
    }
}
