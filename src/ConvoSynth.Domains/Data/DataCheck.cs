using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>Checks rows against the field types of domain.yaml; reports the first misfit of each field.</summary>
internal static partial class DataCheck
{
    // Bounds the report: a wrong column is one error, and a table of another shape is not listed field by field.
    private const int MaxFaults = 20;

    /// <summary>Checks rows made by data.yaml; an error names the line that made the field.</summary>
    public static void Run(DomainSpec domain, MadeTables made, IReadOnlyList<TableRecipe> recipes)
    {
        var fit = new FieldFit(domain);
        foreach (var recipe in recipes.Where(r => r.Entity is not null))
        {
            foreach (
                var (row, misfit) in First(
                    fit,
                    recipe.Name,
                    made.Rows(recipe.Name),
                    (e, key) => e.Parent is not null || made.Find(e.Table, key) is not null
                )
            )
            {
                var at = recipe.Fields.FirstOrDefault(f => f.Path == misfit.Path)?.At ?? recipe.At;
                at.Fail($"{recipe.Name}/{row.Key}: {misfit.Path} is {misfit.Value}, {misfit.Reason}");
            }
        }
    }

    /// <summary>Checks a whole database; an error names file, table, row and field.</summary>
    public static void Run(DomainSpec domain, Database database, Func<string, string> fileOf, List<PackDiagnostic> faults)
    {
        var fit = new FieldFit(domain);
        foreach (var table in database.Tables)
        {
            foreach (
                var (row, misfit) in First(
                    fit,
                    table.Name,
                    table.Rows,
                    (e, key) => e.Parent is not null || database[e.Table].Find(key) is not null
                )
            )
                faults.Add(
                    new(fileOf(table.Name), 0, $"the row {row.Key} of {table.Name}: {misfit.Path} is {misfit.Value}, {misfit.Reason}")
                );
        }
    }

    private static IEnumerable<(Row Row, Misfit Misfit)> First(
        FieldFit fit,
        string table,
        IEnumerable<Row> rows,
        Func<EntitySpec, string, bool> isKey
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var misfit in fit.Misfits(table, Json.Null, row.Values, isKey).Where(m => seen.Add(Position().Replace(m.Path, "[]"))))
            {
                yield return (row, misfit);
                if (seen.Count == MaxFaults)
                    yield break;
            }
        }
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Position();
}
