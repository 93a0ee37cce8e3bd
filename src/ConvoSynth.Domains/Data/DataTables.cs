using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>Makes all tables by their recipes: each table from those above it, then the fields that aggregate other rows.</summary>
internal sealed class DataTables(MadeTables made, Seed seed)
{
    /// <summary>How often a row that must be distinct is redrawn.</summary>
    public const int Attempts = 200;

    /// <summary>Makes every table. Errors name their line of data.yaml.</summary>
    public void Make(IReadOnlyList<TableRecipe> tables)
    {
        var ok = true;
        foreach (var table in tables)
            ok = ok && Try(table.At, () => Rows(table));
        if (!ok)
            return;
        foreach (var table in tables)
        {
            foreach (var field in table.Fields.Where(f => f.Recipe.IsLate))
                ok = ok && Try(field.At, () => Late(table, field));
        }
    }

    public static void Fill(TableRecipe recipe, RowDraft draft, int entry)
    {
        if (recipe.Entity is { } entity)
            draft.Put(entity.Key, Json.Null); // The key comes first, for readability.
        if (recipe.From is { } entries)
        {
            if (entry >= entries.Count)
                throw new ToolError($"{recipe.Name} wants more rows than its list has entries ({entries.Count})");
            var from = entries[entry];
            foreach (var key in from.Keys)
                draft.Put(key, from[key]);
        }

        foreach (var field in recipe.Fields)
        {
            try
            {
                if (field.Recipe.IsLate)
                    draft.Put(field.Path, Json.Null);
                else
                    draft.Fill(field.Path, field.Recipe.Draw);
            }
            catch (ToolError e)
            {
                throw new RecipeException(field.At, $"{recipe.Name}.{field.Path}: {e.Message}");
            }
        }
    }

    public static bool Alike(JsonMap a, JsonMap b, string[] fields) => fields.All(f => FieldPath.Read(a, f) == FieldPath.Read(b, f));

    private static bool Try(YamlPart at, Action make)
    {
        try
        {
            make();
            return true;
        }
        catch (RecipeException e)
        {
            e.At.Fail(e.Message);
            return false;
        }
        catch (ToolError e)
        {
            at.Fail(e.Message);
            return false;
        }
    }

    private void Rows(TableRecipe recipe)
    {
        made.Start(recipe.Name);
        var tableSeed = seed.For(recipe.Name);
        var number = 0;
        foreach (var parent in recipe.Per is { } per ? made.Rows(per) : Enumerable.Repeat<Row?>(null, 1))
        {
            var draft = new RowDraft(made, parent is null ? null : made.EntityOf(parent.Table), tableSeed.For(parent?.Key ?? ""), 0, 0);
            foreach (var key in parent?.Values.Keys ?? [])
                draft.Put(key, parent!.Values[key]);
            var count = recipe.RowsOf(draft);
            var siblings = new List<JsonMap>(count);
            for (var within = 1; within <= count; within++)
                siblings.Add(Add(recipe, tableSeed, ++number, within, parent, siblings));
        }
    }

    private JsonMap Add(TableRecipe recipe, Seed tableSeed, int number, int within, Row? parent, List<JsonMap> siblings)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var draft = new RowDraft(made, recipe.Entity, tableSeed.For(number).For(attempt), number, within) { Parent = parent };
            Fill(recipe, draft, number - 1);
            if (!recipe.Distinct.All(set => siblings.TrueForAll(s => !Alike(s, draft.Values, set))))
                continue;
            var keyField = recipe.Entity?.Key ?? throw new ToolError($"no entity of domain.yaml has the table {recipe.Name}");
            var key =
                FieldPath.Read(draft.Values, keyField).Text
                ?? throw new ToolError($"the key {keyField} of {recipe.Name} must be a text, not {FieldPath.Read(draft.Values, keyField)}");
            made.Add(new(recipe.Name, key, draft.Values), draft.Claims);
            return draft.Values;
        }

        throw new ToolError(
            $"{recipe.Name}: row {number} is after {Attempts} attempts still like another in "
                + string.Join(", ", recipe.Distinct.Select(d => string.Join(" and ", d)))
        );
    }

    private void Late(TableRecipe recipe, FieldRecipe field)
    {
        var tableSeed = seed.For(recipe.Name);
        var number = 0;
        foreach (var row in made.Rows(recipe.Name).ToArray())
        {
            var draft = new RowDraft(made, recipe.Entity, tableSeed.For(++number), number, 0);
            foreach (var key in row.Values.Keys)
                draft.Put(key, row.Values[key]);
            draft.Fill(field.Path, field.Recipe.Draw);
            made.Replace(new(recipe.Name, row.Key, draft.Values));
        }
    }
}

/// <summary>A field that cannot be made, with its place in data.yaml.</summary>
internal sealed class RecipeException(YamlPart at, string reason) : Exception(reason)
{
    public YamlPart At { get; } = at;
}
