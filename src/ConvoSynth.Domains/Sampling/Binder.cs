using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Finds rows for an intent's slots such that the cell's guard outcomes occur. The anchor row comes from the guard index; for the
/// other slots only rows related to it are tried.
/// </summary>
public sealed class Binder(Pack pack, GuardIndex guards)
{
    private readonly AnchorRows _anchors = new(pack, guards);
    private readonly BindingTrials _trials = new(pack, guards);
    private readonly TwinBinder _twins = new(pack);
    internal const int Tries = 12;
    private const int Exchanges = 30;
    private const int Redraws = 12;
    internal const string OwnerSlot = "owner";

    /// <param name="attempt">How often this visit of the cell has failed so far.</param>
    public Binding? Bind(Cell cell, Turn turn, int attempt, SeededRandom random)
    {
        var anchor = _anchors.Anchor(cell);
        for (var i = 0; i < Tries; i++)
        {
            var patch = ImmutableArray<Change>.Empty;
            EntityRow? row = null;
            if (anchor is { } a)
            {
                row = _anchors.Row(cell, a, r => turn.Pick(r, (attempt * Tries) + i), random, out patch);
                if (row is null)
                    return null;
            }

            if (Fill(cell, anchor?.Slot, row, patch, random) is { } binding)
                return binding;
        }

        return null;
    }

    /// <summary>The same task in a world with one changed field that reverses its outcome; null if no single change does.</summary>
    public Binding? Twin(Binding binding, SeededRandom random) => _twins.Twin(binding, random);

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
            else if (_trials.Fitting(cell, slot, scope.Rows(slot.Entity, slot.Of, slot.Where), Fits, db, random) is { } row)
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
            Drawn = _trials.Draw(cell, random),
            Patch = patch,
        };
        for (var i = 0; i < Redraws; i++)
        {
            if (_trials.Suits(binding, db))
                return binding;
            if (binding.Drawn.Count == 0)
                break;
            binding = binding with { Drawn = _trials.Draw(cell, random) };
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
                if (_trials.Suits(exchanged, db))
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
}
