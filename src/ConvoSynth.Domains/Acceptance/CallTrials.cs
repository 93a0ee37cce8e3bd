using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>
/// Finds arguments for a tool by walking over rows. The first row that the tool names runs through all rows of its entity in turn.
/// Further rows are mostly related to it (owner, parent, reference), and free values come from the schema. Every fourth of the first
/// hundred calls names only keys that do not exist, so that failures are tried too.
/// </summary>
internal sealed class CallTrials(Pack pack, ToolSpec tool, Seed seed)
{
    private readonly Db _db = new DialogueEnvironment(pack).Db;
    private readonly Dictionary<string, EntityRow[]> _rows = new(StringComparer.Ordinal);

    /// <summary>The number of calls that covers every row of the first entity that the tool names.</summary>
    public int Round =>
        tool.Parameters.Select(Target).FirstOrDefault(t => t.Entity is not null).Entity is { } first ? Rows(first).Length : 1;

    public JsonMap Arguments(int trial)
    {
        var random = seed.For(trial).Random();
        var missing = trial < 100 && trial % 4 == 3;
        var length = random.Chance(0.75) ? 1 : 2;
        var picked = new List<EntityRow>();
        var byField = new Dictionary<string, EntityRow>(StringComparer.Ordinal);
        var arguments = new List<KeyValuePair<string, Json>>(tool.Parameters.Count);
        foreach (var parameter in tool.Parameters)
        {
            if (parameter.Optional && random.Chance(0.5))
                continue;
            var value = missing ? Missing(parameter, random) : Value(parameter, trial, length, random, picked, byField);
            arguments.Add(KeyValuePair.Create(parameter.Name, value));
        }

        return JsonMap.Create(arguments);
    }

    private Json Value(
        ToolParameter parameter,
        int trial,
        int length,
        SeededRandom random,
        List<EntityRow> picked,
        Dictionary<string, EntityRow> byField
    )
    {
        if (parameter.Parts.Count > 0)
        {
            if (!parameter.IsList)
                return Record(parameter, parameter.Schema, trial, random, picked);
            return Json.List(
                Enumerable.Range(0, length).Select(_ => (Json)Record(parameter, parameter.Schema["items"], trial, random, picked))
            );
        }

        var (entity, field) = Target(parameter);
        if (entity is null)
            return Free(parameter.Schema, random);
        if (field == entity.Key)
        {
            if (!parameter.IsList)
                return Pick(entity, trial, random, picked).Key;
            return Json.List(Enumerable.Range(0, length).Select(_ => Pick(entity, trial, random, picked).Key).Distinct());
        }

        // Fields of one entity come from one row. If the tool also names a row by its key, they are new values, so they come from
        // another row.
        if (!byField.TryGetValue(entity.Name, out var row))
            byField[entity.Name] = row = picked.Exists(p => p.Entity.Name == entity.Name)
                ? Any(entity, random)
                : Pick(entity, trial, random, picked);
        var value = row[field.Split("[]")[0]];
        return value is JsonNull && !parameter.Optional ? Free(parameter.Schema, random) : value;
    }

    // Properties that are fields of one entity come from one row, related to the rows that the call already names.
    private JsonMap Record(ToolParameter parameter, Json schema, int trial, SeededRandom random, List<EntityRow> picked)
    {
        var byEntity = new Dictionary<string, EntityRow>(StringComparer.Ordinal);
        var made = JsonMap.Empty;
        foreach (var name in ((JsonMap)schema["properties"]).Keys)
        {
            var value = Json.Null;
            if (parameter.Parts.GetValueOrDefault(name) is { } @is && pack.Domain.Find(@is) is { } named)
            {
                if (!byEntity.TryGetValue(named.Entity.Name, out var row))
                    byEntity[named.Entity.Name] = row = Pick(named.Entity, trial, random, picked);
                value = row[named.Field.Path];
            }

            // Amounts sometimes differ from the row's own, so that less and more than there is are tried.
            made = made.With(
                name,
                value.IsNull || (value is JsonNumber && random.Chance(0.3)) ? Free(schema["properties"][name], random) : value
            );
        }

        return made;
    }

    private EntityRow Pick(EntitySpec entity, int trial, SeededRandom random, List<EntityRow> picked)
    {
        EntityRow row;
        if (picked.Count == 0)
        {
            var rows = Rows(entity);
            row = rows[trial % rows.Length];
        }
        else
        {
            var near = random.Chance(0.7) ? Near(entity, picked) : [];
            row = near.Length > 0 ? random.Pick(near) : Any(entity, random);
        }

        picked.Add(row);
        return row;
    }

    private EntityRow[] Near(EntitySpec entity, List<EntityRow> picked)
    {
        for (var i = picked.Count - 1; i >= 0; i--)
        {
            var from = picked[i];
            if (entity.Parent is { } parent && pack.Rows.Related(_db, from, pack.Domain.Entity(parent)) is { } within)
                return [.. EntityRows.Within(within, entity)];
            if (entity.Name != from.Entity.Name && pack.Rows.Related(_db, from, entity) is { } related)
                return [related];
            if (
                pack.Rows.IsOwned(entity)
                && pack.Rows.Owner(_db, from) is { } owner
                && pack.Rows.OwnedBy(_db, entity, owner).ToArray() is { Length: > 0 } owned
            )
                return owned;
        }

        return [];
    }

    private EntityRow Any(EntitySpec entity, SeededRandom random) => random.Pick(Rows(entity));

    private EntityRow[] Rows(EntitySpec entity)
    {
        if (_rows.TryGetValue(entity.Name, out var rows))
            return rows;
        rows = [.. pack.Rows.All(_db, entity)];
        return _rows[entity.Name] = rows.Length > 0 ? rows : throw new ToolError($"there is no {entity.Name} in the data");
    }

    private (EntitySpec? Entity, string Field) Target(ToolParameter parameter)
    {
        if (parameter.Is is null || pack.Domain.Find(parameter.Is) is not { } named)
            return default;
        if (named.Field.Ref is not { } reference)
            return (named.Entity, named.Field.Path);
        var target = pack.Domain.Entity(reference);
        return (target, target.Key);
    }

    private Json Missing(ToolParameter parameter, SeededRandom random)
    {
        if (parameter is { IsList: true, Parts.Count: > 0 })
            return JsonList.Empty;
        if (parameter.Is is null && parameter.Schema["type"].Text != "string")
            return Free(parameter.Schema, random);
        Json none = parameter.Is is null ? "" : "no_such_thing";
        if (parameter.IsList)
            return Json.List(none);
        return parameter.Schema["type"].Text is "string" or null ? none : Free(parameter.Schema, random);
    }

    private Json Free(Json schema, SeededRandom random)
    {
        if (schema["enum"].Items is { Count: > 0 } values)
            return random.Pick(values);
        switch (schema["type"].Text)
        {
            case "integer":
                var low = (int)(schema["minimum"].Number ?? 1);
                return random.Between(low, (int)(schema["maximum"].Number ?? low + 5));
            case "number":
                return random.Between(1, 100);
            case "boolean":
                return random.Chance(0.5);
            case "array":
                return Json.List(Free(schema["items"], random));
            case "object" when schema["properties"] is JsonMap properties:
                return JsonMap.Create(properties.Keys.Select(k => KeyValuePair.Create(k, Free(properties[k], random))));
            default:
                // A tool that takes a date declares it in its description only, so a text may have to be a date.
                return random.Chance(0.3)
                    ? _db.Today.AddDays(random.Between(-30, 30)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                    : "some words " + random.Next(1000).ToString(CultureInfo.InvariantCulture);
        }
    }
}
