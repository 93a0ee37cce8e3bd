using ConvoSynth.Core;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Formulas;

/// <summary>The names that a formula can use, and the rows behind them.</summary>
public sealed class FormulaScope
{
    public required Pack Pack { get; init; }

    public required Db Db { get; init; }

    public required EntityRow Owner { get; init; }

    /// <summary>Slot → row.</summary>
    public required IReadOnlyDictionary<string, EntityRow> Slots { get; init; }

    /// <summary>Slot → entry of a list file.</summary>
    public required IReadOnlyDictionary<string, JsonMap> Entries { get; init; }

    /// <summary>The row under test in <c>where</c> and aggregates; unqualified names are its fields.</summary>
    public EntityRow? Candidate { get; init; }

    /// <summary>Collects every row whose fields the evaluation read. The planner must read these rows.</summary>
    public List<EntityRow>? Touched { get; init; }

    public FormulaScope For(EntityRow candidate) =>
        new()
        {
            Pack = Pack,
            Db = Db,
            Owner = Owner,
            Slots = Slots,
            Entries = Entries,
            Candidate = candidate,
            Touched = Touched,
        };

    /// <summary>
    /// A field of a row. A path that begins with an entity's name reads the row of that entity to which this row leads:
    /// <c>flight.origin</c> of a departure.
    /// </summary>
    internal Json Field(EntityRow row, string path)
    {
        var now = Touch(row);
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || now.Entity.Fields.ContainsKey(path) || !Pack.Domain.Entities.TryGetValue(path[..dot], out var entity))
            return now[path];
        return Pack.Rows.Related(Db, now, entity) is { } led ? led[path[(dot + 1)..]] : now[path];
    }

    /// <summary>
    /// Whether a slot may hold the row. An owned row must be the human's own, even if it was reached through another slot's row.
    /// </summary>
    internal bool IsOwn(SlotSpec slot, EntityRow row) =>
        slot.Of is null || !Pack.Rows.IsOwned(row.Entity) || Pack.Rows.Owner(Db, row) is not { } owner || owner.IsSame(Owner);

    internal EntityRow Touch(EntityRow row)
    {
        // Slots hold rows as they were bound; an answer at the end must reflect the writes.
        var now = row.Parent is null ? Pack.Rows.Find(Db, row.Entity, row.Row.Key) ?? row : row;
        Touched?.Add(now);
        return now;
    }

    /// <summary>The rows of an entity: those of a slot's row (nested in it or related to it), or all that the owner has.</summary>
    public IEnumerable<EntityRow> Rows(EntitySpec entity, string? ofSlot, Formula? where = null)
    {
        if (ofSlot is null && where is not null && RowLookup.Find(this, entity, where) is { } found)
            return found;
        if (ofSlot is null)
            return Pack.Rows.IsOwned(entity) ? Pack.Rows.OwnedBy(Db, entity, Owner) : Pack.Rows.All(Db, entity);
        var within = string.Equals(ofSlot, "owner", StringComparison.Ordinal) ? Owner : Slots[ofSlot];
        if (entity.Parent is null)
        {
            // The row that the slot's row refers to, else the rows that refer to it.
            if (Pack.Rows.Related(Db, within, entity) is { } related)
                return [related];
            var reference = entity.Fields.Values.FirstOrDefault(f => f.Ref == within.Entity.Name);
            if (reference is null)
                return [];
            return reference.Path.Contains('[')
                ? []
                : Db[entity.Table].Having(reference.Path, within.Key).Select(r => new EntityRow(entity, r, null));
        }

        return Pack.Rows.Related(Db, within, Pack.Domain.Entity(entity.Parent)) is { } parent ? EntityRows.Within(parent, entity) : [];
    }
}
