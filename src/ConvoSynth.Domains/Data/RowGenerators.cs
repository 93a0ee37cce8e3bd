using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>
/// Generators that read other rows: <c>ref</c>, and the late <c>count</c> and <c>sum</c>, with <c>add</c> and <c>times</c> over them.
/// </summary>
internal sealed class RowGenerators(MadeTables made)
{
    public Recipe? Make(string name, List<string> arguments, RecipeText text) =>
        name switch
        {
            "ref" => Reference(arguments, text.Entity),
            "count" => Count(arguments, text),
            "sum" => Sum(arguments, text),
            "add" => Joined(name, arguments, text, (a, b) => a + b),
            "times" => Joined(name, arguments, text, (a, b) => a * b),
            _ => null,
        };

    // ref(copies, on_shelf=true, unused): the key of a row of a table above; with "unused", each row at most once. ref(pets, own): only
    // rows of the same owner.
    private Recipe Reference(List<string> arguments, EntitySpec? entity)
    {
        var unused = arguments.Remove("unused");
        var own = arguments.Remove("own");
        if (arguments.Count == 0)
            throw new ToolError("ref wants a table: ref(titles)");
        var table = arguments[0];
        var conditions = Conditions(table, arguments.Skip(1));
        List<string>? keys = null;
        var set = $"ref {table} {string.Join(' ', arguments)}";
        if (own)
            return Recipe.Now(OwnReference(table, conditions, unused ? set : null, entity));
        return Recipe.Now(row =>
        {
            keys ??= [.. made.Rows(table).Where(r => conditions.All(c => c(path => FieldPath.Read(r.Values, path)))).Select(r => r.Key)];
            if (keys.Count == 0)
                throw new ToolError($"no row of {table} satisfies {string.Join(", ", arguments.Skip(1))}");
            var start = row.Random.Next(keys.Count);
            if (!unused)
                return keys[start];
            for (var i = 0; i < keys.Count; i++)
            {
                var key = keys[(start + i) % keys.Count];
                if (row.Claim(set, key))
                    return key;
            }

            throw new ToolError($"all {keys.Count} rows of {table} that fit are used");
        });
    }

    private Draw OwnReference(string table, Func<Func<string, Json>, bool>[] conditions, string? unusedIn, EntitySpec? entity)
    {
        if (entity?.Owner is not { } owner)
            throw new ToolError($"\"own\" wants a row that domain.yaml gives an owner, and {entity?.Name ?? "this one"} has none");
        if (made.EntityOf(table)?.Owner is not { } theirs)
            throw new ToolError($"\"own\" wants rows that have an owner, and those of {table} have none");
        ILookup<string, string>? keys = null;
        return row =>
        {
            var key = row.Read(owner).Text ?? throw new ToolError($"{owner} is not made yet; it must stand above");
            keys ??= made.Rows(table)
                .Where(r => conditions.All(c => c(path => FieldPath.Read(r.Values, path))))
                .ToLookup(r => FieldPath.Read(r.Values, theirs).Text ?? "", r => r.Key, StringComparer.Ordinal);
            var own = keys[key].ToArray();
            var start = own.Length == 0 ? 0 : row.Random.Next(own.Length);
            for (var i = 0; i < own.Length; i++)
            {
                if (own[(start + i) % own.Length] is var found && (unusedIn is null || row.Claim(unusedIn, found)))
                    return found;
            }

            throw new ToolError(
                $"{key} has no row of {table} that fits; make these rows per {table}, with {owner}: "
                    + "\"{…}\" of the row that they belong to"
            );
        };
    }

    // count(loans, status=out): the rows of the table that refer to this one.
    private Recipe Count(List<string> arguments, RecipeText text)
    {
        if (arguments.Count == 0)
            throw new ToolError("count wants a table: count(loans)");
        var referring = Referring(arguments[0], arguments.Skip(1), text);
        return new(row => referring(row).Count(), IsLate: true);
    }

    // sum(fines.amount, status=open)
    private Recipe Sum(List<string> arguments, RecipeText text)
    {
        if (arguments.Count == 0 || arguments[0].Split('.', 2) is not [var table, var field])
            throw new ToolError("sum wants a table and a field: sum(fines.amount)");
        if (made.EntityOf(table) is { } entity && entity.Field(field) is null)
            throw new ToolError($"{entity.Name} has no field {field}");
        var referring = Referring(table, arguments.Skip(1), text);
        return new(row => Math.Round((decimal)referring(row).Sum(r => FieldPath.Read(r.Values, field).Number ?? 0), 2), IsLate: true);
    }

    // add(on_shelf, count(loans)), times(event_id.fee, seats)
    private static Recipe Joined(string name, List<string> arguments, RecipeText text, Func<decimal, decimal, decimal> join)
    {
        if (arguments.Count == 0)
            throw new ToolError($"{name} wants values: {name}(on_shelf, count(loans))");
        var parts = arguments.ConvertAll(text.Read);
        return new(
            row =>
            {
                var result = parts
                    .Select(p =>
                        (decimal)(
                            p.Draw(row).Number
                            ?? throw new ToolError($"{name}({string.Join(", ", arguments)}) meets a value that is no number")
                        )
                    )
                    .Aggregate(join);
                return result;
            },
            parts.Exists(p => p.IsLate)
        );
    }

    private Func<RowDraft, IEnumerable<Row>> Referring(string table, IEnumerable<string> conditionTexts, RecipeText text)
    {
        var entity = text.Entity ?? throw new ToolError($"no entity of domain.yaml says what refers to this row from {table}");
        if (made.ReferenceTo(table, entity) is null)
            throw new ToolError($"no field of {table} refers to {entity.Name}");
        var conditions = Conditions(table, conditionTexts);
        return row =>
            made.ReferringTo(table, entity, FieldPath.Read(row.Values, entity.Key).Text ?? "")
                .Where(r => conditions.All(c => c(path => FieldPath.Read(r.Values, path))));
    }

    private Func<Func<string, Json>, bool>[] Conditions(string table, IEnumerable<string> texts)
    {
        if (made.EntityOf(table) is not { } entity)
            throw new ToolError($"domain.yaml has no table {table}");
        return
        [
            .. texts.Select(t =>
                RecipeText.Condition(
                    t,
                    path =>
                    {
                        if (entity.Field(path) is null)
                            throw new ToolError($"{entity.Name} has no field {path}");
                    }
                )
            ),
        ];
    }
}
