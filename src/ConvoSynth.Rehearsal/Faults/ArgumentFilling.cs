using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>
/// Fills a tool's arguments with the caller's own rows and allowed values, like an agent that does more than it was asked.
/// </summary>
internal sealed class ArgumentFilling(Pack pack, Blueprint blueprint, SeededRandom random, Db db)
{
    private const int PublicRows = 40;

    private readonly EntityRow? _owner = FindOwner(pack, blueprint, db);

    /// <summary>The human's own row; null if no call of the blueprint proves their identity.</summary>
    public EntityRow? Owner => _owner;

    /// <summary>Arguments that fit the schema; null if a value cannot be found.</summary>
    public JsonMap? Fill(ToolSpec tool)
    {
        if (_owner is null)
            return null;
        var rows = new List<EntityRow>(4);
        var arguments = JsonMap.Empty;
        foreach (var parameter in tool.Parameters)
        {
            var schema = parameter.IsList ? parameter.Schema["items"] : parameter.Schema;
            if (Value(parameter, schema, rows) is { } value)
                arguments = arguments.With(parameter.Name, parameter.IsList ? Json.List(value) : value);
            else if (!parameter.Optional)
                return null;
        }

        return arguments.Count == 0 ? null : arguments;
    }

    private Json? Value(ToolParameter parameter, Json schema, List<EntityRow> rows)
    {
        var named = parameter.Is is null ? null : pack.Domain.Find(parameter.Is);
        if (named is { } field && (field.Field.Ref is not null || field.Field.Path == field.Entity.Key))
        {
            var entity = field.Field.Ref is { } reference ? pack.Domain.Entity(reference) : field.Entity;
            if (Pick(entity, rows) is not { } row)
                return null;
            rows.Add(row);
            return row.Key;
        }

        if (schema["enum"].Items is { Count: > 0 } allowed)
            return random.Pick(allowed);
        return schema["type"].Text switch
        {
            "integer" => (int)(schema["minimum"].Number ?? 1),
            "boolean" => true,
            _ => null,
        };
    }

    private EntityRow? Pick(EntitySpec entity, List<EntityRow> chosen)
    {
        if (entity.Name == pack.Domain.Who)
            return _owner;
        var rows =
            entity.Parent is not null && chosen.FirstOrDefault(r => r.Entity.Name == entity.Parent) is { } parent
                ? EntityRows.Within(parent, entity)
            : pack.Rows.IsOwned(entity) ? pack.Rows.OwnedBy(db, entity, _owner!)
            : pack.Rows.All(db, entity).Take(PublicRows);
        var all = rows.ToArray();
        return all.Length == 0 ? null : random.Pick(all);
    }

    private static EntityRow? FindOwner(Pack pack, Blueprint blueprint, Db db)
    {
        var who = pack.Domain.Entity(pack.Domain.Who);
        foreach (var action in blueprint.Actions)
        {
            if (!pack.Domain.Identity.Any(p => p.Tool == action.Tool))
                continue;
            var proofs = pack
                .Tools.Find(action.Tool)!
                .Parameters.Where(p => p.Is is not null && pack.Domain.Find(p.Is) is { } named && named.Entity.Name == who.Name)
                .Select(p => (pack.Domain.Find(p.Is!)!.Value.Field.Path, Value: action.Arguments[p.Name]))
                .ToArray();
            if (proofs.Length == 0)
                continue;
            // If the key is the proof, the row's values need not contain it.
            IEnumerable<Row> rows = proofs.FirstOrDefault(p => p.Path == who.Key) is { Path: not null } key
                ? db[who.Table].Find(EntityRows.Text(key.Value)) is { } row
                    ? [row]
                    : []
                : db[who.Table].Having(proofs[0].Path, proofs[0].Value, ignoreCase: true);
            var found = rows.Select(r => new EntityRow(who, r, null))
                .FirstOrDefault(r =>
                    proofs.All(p => string.Equals(EntityRows.Text(r[p.Path]), EntityRows.Text(p.Value), StringComparison.OrdinalIgnoreCase))
                );
            if (found is not null)
                return found;
        }

        return null;
    }
}
