using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Formulas;

/// <summary>
/// Finds the rows that may satisfy a condition by an index instead of a scan. The condition must demand <c>field = value</c> of a
/// public row itself or of the row that contains it. The value must not depend on the row under test.
/// </summary>
internal static class RowLookup
{
    /// <summary>
    /// The rows that meet the condition's unconditional demands, a superset of its solutions; null if no demand can use an index.
    /// </summary>
    public static IEnumerable<EntityRow>? Find(FormulaScope scope, EntitySpec entity, Formula where)
    {
        if (scope.Pack.Rows.IsOwned(entity))
            return null;
        var root = entity.Parent is null ? entity : scope.Pack.Domain.Entity(entity.Parent);
        if (root.Parent is not null)
            return null;
        var demands = Demands(where)
            .Where(d => !HangsOnCandidate(scope, d.Value))
            .Select(d => (d.Field, Value: d.Value.Evaluate(scope)))
            .ToArray();
        foreach (var (field, value) in demands)
        {
            var own = entity.Parent is null ? field : Rooted(field, root);
            if (own is null || !root.Fields.ContainsKey(own) || own == root.Key || value is not JsonText)
                continue;
            var roots = scope
                .Db[root.Table]
                .Having(own, value)
                .Where(r =>
                    demands.All(d =>
                        (entity.Parent is null ? d.Field : Rooted(d.Field, root)) is not { } f || FitsField(root, r, f, d.Value)
                    )
                )
                .Select(r => new EntityRow(root, r, null));
            if (entity.Parent is null)
                return roots;
            return roots
                .SelectMany(r => EntityRows.Within(r, entity))
                .Where(r => demands.All(d => !entity.Fields.ContainsKey(d.Field) || r[d.Field] == d.Value));
        }

        return null;
    }

    // "flight.origin" of a departure is the field "origin" of the flight that contains it.
    private static string? Rooted(string field, EntitySpec root) =>
        field.StartsWith(root.Name + ".", StringComparison.Ordinal) ? field[(root.Name.Length + 1)..] : null;

    private static bool FitsField(EntitySpec root, Row row, string field, Json value) =>
        !root.Fields.ContainsKey(field) || field == root.Key || FieldPath.Read(row.Values, field) == value;

    private static IEnumerable<(string Field, Formula Value)> Demands(Formula where) =>
        where switch
        {
            Operation { Operator: "and" } both => Demands(both.Left).Concat(Demands(both.Right)),
            Operation { Operator: "=", Left: NamePath path } equals =>
            [
                (path.Rest is null ? path.Head : $"{path.Head}.{path.Rest}", equals.Right),
            ],
            _ => [],
        };

    private static bool HangsOnCandidate(FormulaScope scope, Formula value) =>
        value switch
        {
            Constant => false,
            NamePath path => !scope.Slots.ContainsKey(path.Head)
                && !scope.Entries.ContainsKey(path.Head)
                && path.Head is not ("owner" or "today"),
            _ => true,
        };
}
