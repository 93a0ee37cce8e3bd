using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Makes the rows nested in a row: a list, or a map keyed by one of their fields.</summary>
internal static class InnerRows
{
    public static Json Make(TableRecipe recipe, RowDraft outer)
    {
        var count = recipe.RowsOf(outer);
        var made = new List<JsonMap>(count);
        for (var i = 1; i <= count; i++)
        {
            made.Add(Draft(recipe, outer, i, made));
        }

        return recipe.KeyedBy is { } key
            ? JsonMap.Create(
                made.Select(m =>
                    KeyValuePair.Create(m[key].Text ?? throw new ToolError($"{recipe.Name}: {key} must be a text to be a key"), (Json)m)
                )
            )
            : Json.List(made);
    }

    private static JsonMap Draft(TableRecipe recipe, RowDraft outer, int number, List<JsonMap> siblings)
    {
        for (var attempt = 0; attempt < DataTables.Attempts; attempt++)
        {
            var draft = outer.Inner(recipe.Entity, $"{recipe.Name}#{attempt}", number);
            DataTables.Fill(recipe, draft, number - 1);
            if (recipe.Distinct.All(set => siblings.TrueForAll(s => !DataTables.Alike(s, draft.Values, set))))
                return draft.Values;
        }

        throw new ToolError(
            $"{recipe.Name}: after {DataTables.Attempts} attempts still like another in "
                + string.Join(" and ", recipe.Distinct.SelectMany(d => d))
        );
    }
}
