using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>The names that a formula can use, and the rows behind them.</summary>
public sealed class FormulaScope
{
    public required Pack Pack { get; init; }

    public required Db Db { get; init; }

    public required EntityRow Owner { get; init; }

    /// <summary>Slot → row.</summary>
    public required IReadOnlyDictionary<string, EntityRow> Slots { get; init; }

    /// <summary>Slot → entry of a list file.</summary>
    public required IReadOnlyDictionary<string, JsonMap> Entries { get; init; }

    /// <summary>The row under test in <c>where</c> and aggregates; unqualified names are its fields.</summary>
    public EntityRow? Candidate { get; init; }

    /// <summary>Collects every row whose fields the evaluation read. The planner must read these rows.</summary>
    public List<EntityRow>? Touched { get; init; }

    public FormulaScope For(EntityRow candidate) =>
        new()
        {
            Pack = Pack,
            Db = Db,
            Owner = Owner,
            Slots = Slots,
            Entries = Entries,
            Candidate = candidate,
            Touched = Touched,
        };

    /// <summary>
    /// A field of a row. A path that begins with an entity's name reads the row of that entity to which this row leads:
    /// <c>flight.origin</c> of a departure.
    /// </summary>
    internal Json Field(EntityRow row, string path)
    {
        var now = Touch(row);
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || now.Entity.Fields.ContainsKey(path) || !Pack.Domain.Entities.TryGetValue(path[..dot], out var entity))
            return now[path];
        return Pack.Rows.Related(Db, now, entity) is { } led ? led[path[(dot + 1)..]] : now[path];
    }

    /// <summary>
    /// Whether a slot may hold the row. An owned row must be the human's own, even if it was reached through another slot's row.
    /// </summary>
    internal bool IsOwn(SlotSpec slot, EntityRow row) =>
        slot.Of is null || !Pack.Rows.IsOwned(row.Entity) || Pack.Rows.Owner(Db, row) is not { } owner || owner.IsSame(Owner);

    internal EntityRow Touch(EntityRow row)
    {
        // Slots hold rows as they were bound; an answer at the end must reflect the writes.
        var now = row.Parent is null ? Pack.Rows.Find(Db, row.Entity, row.Row.Key) ?? row : row;
        Touched?.Add(now);
        return now;
    }

    /// <summary>The rows of an entity: those of a slot's row (nested in it or related to it), or all that the owner has.</summary>
    public IEnumerable<EntityRow> Rows(EntitySpec entity, string? ofSlot, Formula? where = null)
    {
        if (ofSlot is null && where is not null && RowLookup.Find(this, entity, where) is { } found)
            return found;
        if (ofSlot is null)
            return Pack.Rows.IsOwned(entity) ? Pack.Rows.OwnedBy(Db, entity, Owner) : Pack.Rows.All(Db, entity);
        var within = string.Equals(ofSlot, "owner", StringComparison.Ordinal) ? Owner : Slots[ofSlot];
        if (entity.Parent is null)
        {
            // The row that the slot's row refers to, else the rows that refer to it.
            if (Pack.Rows.Related(Db, within, entity) is { } related)
                return [related];
            var reference = entity.Fields.Values.FirstOrDefault(f => f.Ref == within.Entity.Name);
            if (reference is null)
                return [];
            return reference.Path.Contains('[')
                ? []
                : Db[entity.Table].Having(reference.Path, within.Key).Select(r => new EntityRow(entity, r, null));
        }

        return Pack.Rows.Related(Db, within, Pack.Domain.Entity(entity.Parent)) is { } parent ? EntityRows.Within(parent, entity) : [];
    }
}

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

public sealed record Operation(string Operator, Formula Left, Formula Right) : Formula
{
    private const double Dust = 1e-9;

    public override bool Computes => Operator is "+" or "-" or "*" or "/";

    public override Json Evaluate(FormulaScope scope)
    {
        if (Operator == "and")
            return Left.Holds(scope) && Right.Holds(scope);
        if (Operator == "or")
            return Left.Holds(scope) || Right.Holds(scope);
        var left = Left.Evaluate(scope);
        var right = Right.Evaluate(scope);
        if (Operator == "=")
            return left == right;
        if (Operator == "!=")
            return left != right;
        if (left.Number is { } a && right.Number is { } b)
        {
            return Operator switch
            {
                "<" => a < b,
                "<=" => a <= b,
                ">" => a > b,
                ">=" => a >= b,
                "+" => Rounded(a + b, Places(a, b)),
                "-" => Rounded(a - b, Places(a, b)),
                "*" => Rounded(a * b, Places(a, b)),
                _ => Rounded(a / b, Places(a, b)),
            };
        }

        var order = string.CompareOrdinal(left.Text ?? "", right.Text ?? "");
        return Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => Json.Null,
        };
    }

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots)
    {
        if (!Computes)
            return "flag";
        var left = Left.TypeIn(domain, slots);
        var right = Right.TypeIn(domain, slots);
        return left == "money" || right == "money" ? "money"
            : left == "decimal" || right == "decimal" ? "decimal"
            : left;
    }

    public override string? Working(FormulaScope scope)
    {
        if (!Computes || Left.Working(scope) is not { } left || Right.Working(scope) is not { } right)
            return null;
        // People leave out the factor in "1 * 307" and the term in "123 + 50 * 0".
        if (Operator == "*" && (left == "0" || right == "0"))
            return "0";
        if (Operator == "*" && left == "1")
            return Bracketed(Right, right, isRight: true);
        if (Operator == "*" && right == "1")
            return Bracketed(Left, left, isRight: false);
        if (Operator == "+" && left == "0")
            return right;
        if (Operator is "+" or "-" && right == "0")
            return left;
        return $"{Bracketed(Left, left, isRight: false)} {Operator} {Bracketed(Right, right, isRight: true)}";
    }

    private string Bracketed(Formula part, string working, bool isRight)
    {
        var isSum = part is Operation { Operator: "+" or "-" } or Aggregate { Function: "sum" };
        if (!working.Contains(' ', StringComparison.Ordinal))
            return working;
        var needed = Operator is "*" or "/" ? isSum || (isRight && part is Operation) : isRight && Operator == "-" && isSum;
        return needed ? $"({working})" : working;
    }

    // Answers are stated to the cent, finer decimals to a millionth; binary rounding noise must not make two right answers differ.
    internal static Json Rounded(double value, int places) =>
        Math.Round(value, places) is var rounded && Math.Floor(rounded).Equals(rounded) ? (long)rounded : rounded;

    internal static int Places(params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (Math.Abs(value - Math.Round(value, 2)) > Dust)
                return 6;
        }

        return 2;
    }
}

public sealed record Negation(Formula Inner) : Formula
{
    public override Json Evaluate(FormulaScope scope) => !Inner.Holds(scope);

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots) => "flag";
}

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
