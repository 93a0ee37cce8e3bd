using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>Reads data.yaml into recipes, and checks its names against domain.yaml.</summary>
/// <param name="listFile">Reads a list file of the pack.</param>
/// <param name="other">Table → what a world makes otherwise: fields, and <c>count</c>, <c>from</c> or <c>distinct</c>.</param>
internal sealed class RecipeReading(
    DomainSpec domain,
    MadeTables made,
    Generators generators,
    Func<string, YamlPart?> listFile,
    YamlPart? other = null
)
{
    /// <summary>All tables in the order of the file; rows refer only to tables above.</summary>
    public List<TableRecipe> Read(YamlPart root)
    {
        var tables = new List<TableRecipe>();
        var known = DataFolder.Tables(domain).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, part) in root.Entries.Where(e => e.Key is not ("ensure" or "seed")))
        {
            if (!known.Contains(name))
            {
                part.Fail($"domain.yaml has no table {name}; it has {string.Join(", ", known)}");
                continue;
            }

            if (Table(name, part, made.EntityOf(name), other?[name]) is { } table)
                tables.Add(table);
        }

        foreach (var (name, part) in (other?.Entries ?? []).Where(e => root[e.Key] is null))
            part.Fail($"data.yaml makes no table {name}");
        foreach (var missing in known.Where(t => root[t] is null))
            root.Fail($"the table {missing} of domain.yaml is not made here");
        return tables;
    }

    private TableRecipe? Table(string name, YamlPart part, EntitySpec? entity, YamlPart? instead = null)
    {
        if (!part.IsMap)
        {
            part.Fail($"{name} wants a count and its fields");
            return null;
        }

        var text = new RecipeText(generators, entity, made);
        YamlPart? Option(string key) => instead?[key] ?? part[key];
        var entries = Option("from") is { } from ? List(from) : null;
        var per = part["per"]?.Text;
        if (per is not null && made.EntityOf(per) is null)
            part["per"]!.Fail($"domain.yaml has no table {per}");
        if (part["count"] is null && entries is null)
            part.Fail($"{name} needs a count, such as 300 or 0..6");
        var fields = Fields(part, entity, per, text);
        if (instead is not null)
            Replace(fields, Fields(instead, entity, per: null, text));
        CheckFields(name, part, entity, fields, entries);
        return new()
        {
            Name = name,
            Entity = entity,
            Per = per,
            From = entries,
            Fields = fields,
            At = part,
            KeyedBy = part["keyed_by"]?.Text,
            Count = Option("count") is { } count ? CountOf(count, text) : Recipe.Fixed(entries?.Count ?? 0),
            Distinct = Distinct(Option("distinct")),
        };
    }

    // A replaced field keeps its place, since fields see those above them.
    private static void Replace(List<FieldRecipe> fields, List<FieldRecipe> others)
    {
        foreach (var field in others)
        {
            var at = fields.FindIndex(f => f.Path == field.Path);
            if (at < 0)
                fields.Add(field);
            else
                fields[at] = field;
        }
    }

    private static Recipe CountOf(YamlPart part, RecipeText text)
    {
        try
        {
            return text.Read(
                part.Text.Contains("..", StringComparison.Ordinal) && !part.Text.Contains('(', StringComparison.Ordinal)
                    ? $"int({part.Text})"
                    : part.Text
            );
        }
        catch (ToolError e)
        {
            part.Fail(e.Message);
            return Recipe.Fixed(0);
        }
    }

    private List<FieldRecipe> Fields(YamlPart part, EntitySpec? entity, string? per, RecipeText text)
    {
        var fields = new List<FieldRecipe>();
        var entries = part["fields"] is { IsMap: true } within
            ? within.Entries
            : part.Entries.Where(e => e.Key is not ("count" or "per" or "from" or "distinct" or "keyed_by"));
        foreach (var (path, at, value) in Joined(entries))
            Field(path, at, value, entity, text, fields);
        if (per is null || entity is null || made.EntityOf(per) is not { } parent)
            return fields;
        if (made.ReferenceTo(entity.Table, parent) is not { } reference)
            part.Fail($"no field of {entity.Name} refers to {parent.Name}, so it cannot be made per {per}");
        else if (fields.TrueForAll(f => f.Path != reference))
            fields.Insert(Math.Min(1, fields.Count), new(reference, Recipe.Now(row => row.Parent?.Key), part));
        return fields;
    }

    // Within { } YAML ends a value at a comma, so money(0..25, zero=60%) arrives as a value and a separate key. This joins them.
    private static IEnumerable<(string Path, YamlPart At, string? Value)> Joined(IEnumerable<(string Key, YamlPart Part)> entries)
    {
        (string Path, YamlPart At, string? Value)? open = null;
        foreach (var (key, part) in entries)
        {
            if (open is { } call && part.IsScalar && part.Text.Length == 0)
            {
                open = call with { Value = $"{call.Value}, {key}" };
            }
            else
            {
                if (open is { } unclosed)
                    yield return unclosed;
                open = (key, part, part.IsScalar ? part.Text : null);
            }

            if (open is { } now && (now.Value is null || now.Value.Count(c => c == '(') <= now.Value.Count(c => c == ')')))
            {
                yield return now;
                open = null;
            }
        }

        if (open is { } last)
            yield return last;
    }

    private void Field(string path, YamlPart at, string? value, EntitySpec? entity, RecipeText text, List<FieldRecipe> fields)
    {
        if (at.IsMap && (at["count"] is not null || at["from"] is not null))
        {
            var inner = domain
                .EntityOrder.Select(domain.Entity)
                .FirstOrDefault(e => e.Parent is not null && e.Parent == entity?.Name && e.Path == path);
            if (Table(path, at, inner) is { } rows)
                fields.Add(new(path, Recipe.Now(row => InnerRows.Make(rows, row)), at));
        }
        else if (at.IsMap)
        {
            foreach (var (name, part, inner) in Joined(at.Entries))
                Field($"{path}.{name}", part, inner, entity, text, fields);
        }
        else
        {
            try
            {
                fields.Add(new(path, text.Read(value ?? at.Text), at));
            }
            catch (ToolError e)
            {
                at.Fail($"{path}: {e.Message}");
            }
        }
    }

    // Every field of domain.yaml must be made, and no other: a misspelt field would be noticed much later.
    private void CheckFields(string name, YamlPart part, EntitySpec? entity, List<FieldRecipe> fields, List<JsonMap>? entries)
    {
        if (entity is null)
            return;
        var listed = entries is null ? [] : entries.SelectMany(e => e.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var field in fields.Where(f => !Belongs(entity, f.Path)))
            field.At.Fail($"{entity.Name} has no field {field.Path} in domain.yaml");
        foreach (var field in listed.Where(f => !Belongs(entity, f)))
            part.Fail($"an entry of the list has {field}, which is no field of {entity.Name} in domain.yaml");
        foreach (var path in entity.Fields.Keys.Order(StringComparer.Ordinal))
        {
            var head = path.Split("[]")[0];
            if (
                !listed.Contains(head.Split('.')[0])
                && !fields.Exists(f =>
                    head == f.Path
                    || head.StartsWith(f.Path + ".", StringComparison.Ordinal)
                    || f.Path.StartsWith(head + ".", StringComparison.Ordinal)
                )
            )
                part.Fail($"{name} does not make the field {path} of {entity.Name}");
        }
    }

    private bool Belongs(EntitySpec entity, string path) =>
        entity.Fields.Keys.Any(f =>
            f == path || f.StartsWith(path + ".", StringComparison.Ordinal) || f.StartsWith(path + "[]", StringComparison.Ordinal)
        ) || domain.Entities.Values.Any(e => e.Parent == entity.Name && e.Path == path);

    private List<JsonMap>? List(YamlPart from)
    {
        if (listFile(from.Text) is not { } root)
            return null;
        var entries = root.Items.Select(i => i.Json).OfType<JsonMap>().ToList();
        if (entries.Count == 0)
            from.Fail($"{from.Text} is no list of entries with fields");
        return entries;
    }

    // One set of fields or a list of sets: distinct: [title_id] or distinct: [[room_id, date], [name]].
    private static List<string[]> Distinct(YamlPart? part)
    {
        if (part is null)
            return [];
        return part.IsList && part.Items.Any(i => i.IsList)
            ? [.. part.Items.Select(i => i.Texts.ToArray())]
            :
            [
                [.. part.Texts],
            ];
    }
}
