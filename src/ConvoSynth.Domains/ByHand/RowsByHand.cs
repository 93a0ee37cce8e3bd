using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.ByHand;

/// <summary>
/// Binds the rows that a task by hand names. An impossible task throws a <see cref="BlueprintException"/> with the reason.
/// </summary>
internal sealed class RowsByHand(Pack pack, TaskByHand task)
{
    private readonly Db _db = pack.View(task.Given);
    private readonly Dictionary<string, EntityRow> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonMap> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<EntityRow>> _ties = new(StringComparer.Ordinal);

    public Binding Bind(SeededRandom random)
    {
        var owner = Owner();
        var scope = new FormulaScope
        {
            Pack = pack,
            Db = _db,
            Owner = owner,
            Slots = _slots,
            Entries = _entries,
        };
        foreach (var slot in task.Intent.Slots)
        {
            if (slot.Entity is null)
                _entries[slot.Name] = Entry(slot, random);
            else if (slot.Pick is not null)
                Choose(slot, scope, random);
            else
                _slots[slot.Name] = Named(slot, slot.Entity, owner, scope);
        }

        return new()
        {
            Cell = new(task.Intent, null, null, null, Cell.ShapeOf(task.Intent, refused: false)),
            Owner = owner,
            Slots = _slots,
            Entries = _entries,
            Ties = _ties,
            Drawn = Drawn(random),
            Patch = task.Given,
        };
    }

    private EntityRow Owner()
    {
        var who = pack.Domain.Entity(pack.Domain.Who);
        if (task.Owner is { } key)
            return pack.Rows.Find(_db, who, key) ?? throw Fault($"there is no {who.Name} {EntityRows.Text(key)}");
        foreach (var slot in task.Intent.Slots)
        {
            if (slot.Entity is null || slot.Entity.Parent is not null || !task.Rows.TryGetValue(slot.Name, out var row))
                continue;
            var found = pack.Rows.Find(_db, slot.Entity, row) ?? throw Fault($"there is no {slot.Entity.Name} {EntityRows.Text(row)}");
            if (pack.Rows.Owner(_db, found) is { } owner)
                return owner;
        }

        throw Fault($"no row of it has an owner; name the {who.Name} by \"owner\"");
    }

    private JsonMap Entry(SlotSpec slot, SeededRandom random)
    {
        if (!task.Rows.TryGetValue(slot.Name, out var given))
            return random.Pick(slot.Entries);
        var wanted = slot.Entries[0].Keys;
        return given is JsonMap entry && wanted.All(entry.Contains)
            ? entry
            : throw Fault($"the entry {slot.Name} must have the fields {string.Join(", ", wanted)}");
    }

    private void Choose(SlotSpec slot, FormulaScope scope, SeededRandom random)
    {
        if (task.Rows.ContainsKey(slot.Name))
            throw Fault($"the row {slot.Name} is what the choice \"{slot.Say}\" comes to; leave its key out");
        var (chosen, tied) =
            RowChoice.Best(slot, scope, _slots.Values, random)
            ?? throw Fault($"the choice {slot.Name} (\"{slot.Say}\") has fewer than two rows to choose from");
        _slots[slot.Name] = chosen;
        _ties[slot.Name] = tied;
    }

    private EntityRow Named(SlotSpec slot, EntitySpec entity, EntityRow owner, FormulaScope scope)
    {
        if (!task.Rows.TryGetValue(slot.Name, out var key))
            throw Fault($"the key of the row {slot.Name} ({entity.Name}) is missing under \"keys\"");
        var within =
            entity.Parent is null ? null
            : slot.Of is { } of ? _slots.GetValueOrDefault(of)
            : null;
        if (pack.Rows.Find(_db, entity, key, within) is not { } row)
            throw Fault($"there is no {entity.Name} {EntityRows.Text(key)}{(within is null ? "" : $" in {within.Identity}")}");
        if (pack.Rows.Owner(_db, row) is { } other && other.Identity != owner.Identity)
            throw Fault($"the {entity.Name} {EntityRows.Text(key)} belongs to {other.Identity}, not to {owner.Identity}");
        if (slot.Where?.Holds(scope.For(row)) == false)
            throw Fault(
                $"the {entity.Name} {EntityRows.Text(key)} is none that the row {slot.Name} of the intent {task.Intent.Id} may be "
                    + "(its \"where\" does not hold)"
            );
        return row;
    }

    private Dictionary<(GoalSpec, string), Json> Drawn(SeededRandom random)
    {
        var drawn = new Dictionary<(GoalSpec, string), Json>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < task.Intent.Goals.Count; i++)
        {
            foreach (var goal in BindingTrials.Writes(task.Intent.Goals[i]))
            {
                foreach (var (parameter, value) in goal.With)
                {
                    if (value is not (AnyValue or ListOf { Items: [AnyValue] }))
                        continue;
                    var name = task.Values.ContainsKey($"{i + 1}.{parameter.Name}") ? $"{i + 1}.{parameter.Name}" : parameter.Name;
                    drawn[(goal, parameter.Name)] = task.Values.TryGetValue(name, out var given)
                        ? given
                        : ArgumentDraw.Any(parameter.Schema, random);
                    used.Add(name);
                }
            }
        }

        var idle = task.Values.Keys.Where(k => !used.Contains(k)).Order(StringComparer.Ordinal).ToArray();
        return idle.Length == 0
            ? drawn
            : throw Fault($"\"values\" names {string.Join(", ", idle)}, which the goal does not leave to the human");
    }

    private BlueprintException Fault(string reason) => TaskByHandMaking.Fault(task, reason);
}
