using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>Collects records for a proposal: a person's own ones, and the public ones that these refer to.</summary>
internal sealed class RecordWalk(Pack pack)
{
    /// <summary>A longer record, such as a flight with all its days, is cut off.</summary>
    private const int LongestText = 1200;

    public bool HasRecords(EntityRow person) => Owned(person).Any();

    /// <summary>The person, then records in the order of the pack's entities, at most as many as wanted.</summary>
    public IReadOnlyList<EntityRow> Of(EntityRow person, int wanted, SeededRandom random)
    {
        var rows = new List<EntityRow> { person };
        var owned = random.Shuffled([.. Owned(person)]);
        foreach (var row in owned.Take(wanted / 2))
            Add(rows, row);
        foreach (var row in rows.ToArray())
        {
            foreach (var led in Led(row))
            {
                if (rows.Count < wanted)
                    Add(rows, led);
            }
        }

        // What a person may take up that they do not have yet: a title, a room, a flight.
        var unowned = pack.Domain.EntityOrder.Select(pack.Domain.Entity).Where(e => e.Parent is null && !pack.Rows.IsOwned(e)).ToArray();
        while (unowned.Length > 0 && rows.Count < wanted)
        {
            var before = rows.Count;
            var all = pack.Rows.All(pack.BaseView, random.Pick(unowned)).ToArray();
            if (all.Length > 0)
                Add(rows, random.Pick(all));
            if (rows.Count == before)
                break;
        }

        return [.. rows.OrderBy(r => Place(r.Entity))];
    }

    public static string Text(EntityRow row)
    {
        var values = row.Row.Values.ToString();
        return $"{row.Entity.Name} {EntityRows.Text(row.Key)}: {(values.Length <= LongestText ? values : $"{values[..LongestText]} …")}";
    }

    private IEnumerable<EntityRow> Owned(EntityRow person) =>
        pack
            .Domain.EntityOrder.Select(pack.Domain.Entity)
            .Where(e => e.Parent is null && e.Name != pack.Domain.Who && pack.Rows.IsOwned(e))
            .SelectMany(e => pack.Rows.OwnedBy(pack.BaseView, e, person));

    // The public rows that a row, or one inside it, refers to; of one inside another, that one, which has its alternatives.
    private IEnumerable<EntityRow> Led(EntityRow row)
    {
        var inside = pack
            .Domain.Entities.Values.Where(e => e.Parent == row.Entity.Name)
            .OrderBy(Place)
            .SelectMany(e => EntityRows.Within(row, e));
        foreach (var from in inside.Prepend(row))
        {
            foreach (var name in pack.Domain.EntityOrder)
            {
                var entity = pack.Domain.Entity(name);
                if (!pack.Rows.IsOwned(entity) && pack.Rows.Related(pack.BaseView, from, entity) is { } led)
                    yield return led.Parent ?? led;
            }
        }
    }

    private int Place(EntitySpec entity)
    {
        for (var i = 0; i < pack.Domain.EntityOrder.Count; i++)
        {
            if (pack.Domain.EntityOrder[i] == entity.Name)
                return i;
        }

        return pack.Domain.EntityOrder.Count;
    }

    private static void Add(List<EntityRow> rows, EntityRow row)
    {
        if (!rows.Exists(r => r.IsSame(row)))
            rows.Add(row);
    }
}
