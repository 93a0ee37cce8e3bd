using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Rows and values for an intent's slots: one concrete task before planning.</summary>
public sealed record Binding
{
    /// <summary>Compares goals by reference: comparing their content would cost more than the rest of a look-up.</summary>
    internal static readonly IEqualityComparer<(GoalSpec Goal, string Argument)> ByGoal = EqualityComparer<(
        GoalSpec Goal,
        string Argument
    )>.Create(
        static (a, b) => ReferenceEquals(a.Goal, b.Goal) && string.Equals(a.Argument, b.Argument, StringComparison.Ordinal),
        static key => HashCode.Combine(RuntimeHelpers.GetHashCode(key.Goal), key.Argument.GetHashCode(StringComparison.Ordinal))
    );

    public required Cell Cell { get; init; }

    public required EntityRow Owner { get; init; }

    public required IReadOnlyDictionary<string, EntityRow> Slots { get; init; }

    public required IReadOnlyDictionary<string, JsonMap> Entries { get; init; }

    /// <summary>For a slot with a choice: the other rows that tie with the chosen row.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<EntityRow>> Ties { get; init; }

    /// <summary>Values drawn for <c>any</c> arguments, by goal and argument.</summary>
    public required IReadOnlyDictionary<(GoalSpec Goal, string Argument), Json> Drawn { get; init; }

    public ImmutableArray<Change> Patch { get; init; } = [];

    public FormulaScope Scope(Pack pack, Db db, List<EntityRow>? touched = null) =>
        new()
        {
            Pack = pack,
            Db = db,
            Owner = Owner,
            Slots = Slots,
            Entries = Entries,
            Touched = touched,
        };

    public JsonMap Arguments(DoGoal goal, FormulaScope scope) =>
        ArgumentSpelling.Of(
            goal.Tool,
            JsonMap.Create(goal.With.Select(w => KeyValuePair.Create(w.Parameter.Name, Argument(goal, w.Parameter, w.Value, scope))))
        );

    // A single row in place of a list stands for the list of that row.
    private Json Argument(DoGoal goal, ToolParameter parameter, ArgumentSpec value, FormulaScope scope) =>
        Value(goal, parameter, value, scope) is var held && parameter.IsList && held is not JsonList ? Json.List(held) : held;

    private Json Value(DoGoal goal, ToolParameter parameter, ArgumentSpec value, FormulaScope scope) =>
        value switch
        {
            AnyValue => Drawn[(goal, parameter.Name)],
            ListOf list => Json.List(list.Items.Select(i => Value(goal, parameter, i, scope))),
            RecordOf record => JsonMap.Create(
                record.Parts.Select(p => KeyValuePair.Create(p.Name, Value(goal, parameter, p.Value, scope)))
            ),
            ValueOf of => of.Formula.Evaluate(scope),
            _ => Json.Null,
        };
}
