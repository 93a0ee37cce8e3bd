using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Finds the rows that a condition can hold for by an index instead of trying all: where it demands <c>field = value</c> of a public row itself or
/// of the row that holds it, and the value does not hang on the row in question.
/// </summary>
internal static class RowLookup
{
    /// <summary>Rows among which are all that the condition holds for; null where no part of it can be looked up.</summary>
    public static IEnumerable<EntityRow>? Find(FormulaScope scope, EntitySpec entity, Formula where)
    {
        if (scope.Pack.Rows.IsOwned(entity)) return null;
        var root = entity.Parent is null ? entity : scope.Pack.Domain.Entity(entity.Parent);
        if (root.Parent is not null) return null;
        foreach (var (field, value) in Demands(where))
        {
            var own = entity.Parent is null ? field : field.StartsWith(root.Name + ".", StringComparison.Ordinal) ? field[(root.Name.Length + 1)..] : null;
            if (own is null || !root.Fields.ContainsKey(own) || own == root.Key || HangsOnCandidate(scope, value)) continue;
            if (value.Evaluate(scope) is not JsonText text) continue;
            var roots = scope.Db[root.Table].Having(own, text).Select(r => new EntityRow(root, r, null));
            return entity.Parent is null ? roots : roots.SelectMany(r => EntityRows.Within(r, entity));
        }

        return null;
    }

    private static IEnumerable<(string Field, Formula Value)> Demands(Formula where) => where switch
    {
        Operation { Operator: "and" } both => Demands(both.Left).Concat(Demands(both.Right)),
        Operation { Operator: "=", Left: NamePath path } equals => [(path.Rest is null ? path.Head : $"{path.Head}.{path.Rest}", equals.Right)],
        _ => [],
    };

    private static bool HangsOnCandidate(FormulaScope scope, Formula value) => value switch
    {
        Constant => false,
        NamePath path => !scope.Slots.ContainsKey(path.Head) && !scope.Entries.ContainsKey(path.Head) && path.Head is not ("owner" or "today"),
        _ => true,
    };
}
