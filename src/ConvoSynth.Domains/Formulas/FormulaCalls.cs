using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Formulas;

/// <summary><c>contains(list, x)</c>, <c>len(list)</c> or <c>days(from, to)</c>.</summary>
public sealed record FunctionCall(string Name, IReadOnlyList<Formula> Arguments) : Formula
{
    public override bool Computes => true;

    public override Json Evaluate(FormulaScope scope)
    {
        var first = Arguments[0].Evaluate(scope);
        switch (Name)
        {
            case "contains":
                return first.Items.Contains(Arguments[1].Evaluate(scope));
            case "len":
                return first is JsonMap map ? map.Count : first.Items.Count;
            default:
                return
                    FieldValues.TryDate(first.Text ?? "", out var from)
                    && FieldValues.TryDate(Arguments[1].Evaluate(scope).Text ?? "", out var to)
                    ? to.DayNumber - from.DayNumber
                    : Json.Null;
        }
    }

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots) =>
        Name == "contains" ? "flag" : "count";
}

/// <summary>A function that the pack's code defines.</summary>
public sealed record PackCall(PackFunction Function, IReadOnlyList<Formula> Arguments) : Formula
{
    public override bool Computes => true;

    public override Json Evaluate(FormulaScope scope)
    {
        var bound = new object?[Arguments.Count];
        try
        {
            for (var i = 0; i < bound.Length; i++)
                bound[i] = Function.Parameters[i](Arguments[i].Evaluate(scope));
            return Function.Invoke(scope.Db, bound);
        }
        catch (ToolError)
        {
            return Json.Null; // The function looked up something that does not exist: no value, as with a missing field.
        }
    }

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots) => Function.Type;
}

/// <summary><c>min(loan.due)</c>, <c>count(variant of i where available)</c>, …</summary>
public sealed record Aggregate(string Function, string Entity, string? Field, string? Of, Formula? Where) : Formula
{
    public override bool Computes => true;

    public override Json Evaluate(FormulaScope scope)
    {
        var rows = scope.Rows(scope.Pack.Domain.Entity(Entity), Of, Where).ToArray();
        foreach (var row in rows)
            scope.Touched?.Add(row);
        var kept = rows.Where(r => Where is null || Where.Holds(scope.For(r)));
        if (Function == "count")
            return kept.Count();
        var values = kept.Select(r => scope.Field(r, Field!)).Where(v => !v.IsNull).ToArray();
        if (values.Length == 0)
            return Function == "sum" ? 0 : Json.Null;
        return Function switch
        {
            "sum" => Operation.Rounded(values.Sum(v => v.Number ?? 0), Operation.Places([.. values.Select(v => v.Number ?? 0)])),
            "avg" => Operation.Rounded(values.Average(v => v.Number ?? 0), Operation.Places([.. values.Select(v => v.Number ?? 0)])),
            "min" => values.Aggregate((a, b) => Compare(a, b) <= 0 ? a : b),
            _ => values.Aggregate((a, b) => Compare(a, b) >= 0 ? a : b),
        };
    }

    public override string? Working(FormulaScope scope)
    {
        if (Function != "sum")
            return base.Working(scope);
        var values = scope
            .Rows(scope.Pack.Domain.Entity(Entity), Of, Where)
            .Where(r => Where is null || Where.Holds(scope.For(r)))
            .Select(r => scope.Field(r, Field!))
            .Where(v => !v.IsNull)
            .ToArray();
        return values.Length > 0 && values.All(v => v.Number is >= 0)
            ? string.Join(" + ", values.Select(v => v.ToCanonicalString()))
            : null;
    }

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots) =>
        Function == "count" ? "count" : domain.Entity(Entity).Field(Field ?? "")?.Type ?? "text";

    /// <summary>Compares numbers by size and texts, dates included, by their characters.</summary>
    public static int Compare(Json a, Json b) =>
        a.Number is { } x && b.Number is { } y ? x.CompareTo(y) : string.CompareOrdinal(a.Text ?? "", b.Text ?? "");
}
