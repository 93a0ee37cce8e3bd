using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Formulas;

/// <summary>A parsed formula of <c>intents.yaml</c>.</summary>
public abstract record Formula
{
    public abstract Json Evaluate(FormulaScope scope);

    /// <summary>The field type of the result, where it can be derived; see <see cref="FieldTypes"/>.</summary>
    public abstract string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots);

    /// <summary>Whether the result is computed from several values, not just read.</summary>
    public virtual bool Computes => false;

    public bool Holds(FormulaScope scope) => Evaluate(scope).Flag == true;

    /// <summary>The calculation in numbers, for a calculator: <c>2 * (180 + 30)</c>; null if the formula is not arithmetic.</summary>
    public virtual string? Working(FormulaScope scope) =>
        Evaluate(scope) is JsonNumber { Value: >= 0 } number ? number.ToCanonicalString() : null;
}

public sealed record Constant(Json Value) : Formula
{
    public override Json Evaluate(FormulaScope scope) => Value;

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots) =>
        Value.Kind switch
        {
            JsonKind.Number => "count",
            JsonKind.Boolean => "flag",
            _ => "text",
        };
}

/// <summary>A slot, a slot's field, <c>owner.field</c>, <c>today</c>, or a field of the candidate.</summary>
public sealed record NamePath(string Head, string? Rest) : Formula
{
    public override Json Evaluate(FormulaScope scope)
    {
        if (scope.Slots.TryGetValue(Head, out var row))
        {
            if (Rest is null)
                return row.Key;
            // The human can state such a field of a public row (the cities of a flight), so the agent need not read the row.
            return row.Entity.Field(Rest) is { Human: Knowledge.Knows } && !scope.Pack.Rows.IsOwned(row.Entity)
                ? row[Rest]
                : scope.Field(row, Rest);
        }

        if (scope.Entries.TryGetValue(Head, out var entry))
            return Rest is null ? entry : FieldPath.Read(entry, Rest);
        if (Head == "owner")
            return Rest is null ? scope.Owner.Key : scope.Field(scope.Owner, Rest);
        if (Head == "today")
            return scope.Db.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return scope.Candidate is { } candidate ? scope.Field(candidate, Rest is null ? Head : $"{Head}.{Rest}") : Json.Null;
    }

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots)
    {
        if (Head == "today")
            return "date";
        var entity = Head == "owner" ? domain.Entity(domain.Who) : slots.GetValueOrDefault(Head);
        if (entity is null || Rest is null)
            return "id";
        if (entity.Field(Rest) is { } field)
            return field.Type;
        var dot = Rest.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && domain.Entities.TryGetValue(Rest[..dot], out var led) ? led.Field(Rest[(dot + 1)..])?.Type ?? "text" : "text";
    }
}

public sealed record Negation(Formula Inner) : Formula
{
    public override Json Evaluate(FormulaScope scope) => !Inner.Holds(scope);

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots) => "flag";
}
