using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>What the agent must have read or computed before it acts, states or answers.</summary>
internal sealed class GoalReads(Pack pack, Binding binding, DialogueEnvironment environment, ReadPlanner planner, TaskWords task)
{
    // Before the write, the agent must have seen the rows that the guards read and every row that the call names.
    public bool RevealFor(DoGoal goal, JsonMap arguments)
    {
        if (!task.SlotsOf(goal).All(s => planner.Reveal(binding.Slots[s])))
            return false;

        foreach (
            var name in goal
                .Tool.Guards.SelectMany(g => g.Parameters)
                .Where(p => p.Input == GuardInput.Row)
                .Select(p => p.Name)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (pack.Guards.RowFor(environment.Db, goal.Tool, arguments, pack.Domain.Entity(name)) is { } row && !planner.Reveal(row))
                return false;
        }

        // To make a choice, the agent must have seen all candidates.
        foreach (var slot in binding.Cell.Intent.Slots.Where(s => s.Pick is not null))
        {
            var scope = binding.Scope(pack, environment.Db);
            if (
                !scope
                    .Rows(slot.Entity!, slot.Of, slot.Where)
                    .Where(r => slot.Where is null || slot.Where.Holds(scope.For(r)))
                    .ToArray()
                    .All(planner.Reveal)
            )
                return false;
        }

        return true;
    }

    // The agent must have seen what it states before the confirmation: the price of a title that the call does not name.
    public bool RevealTold(DoGoal goal, JsonMap arguments)
    {
        foreach (var told in pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name)?.Tell ?? [])
        {
            var dot = told.IndexOf('.', StringComparison.Ordinal);
            if (
                dot < 0
                || told[..dot] == pack.Domain.Who
                || !pack.Domain.Entities.TryGetValue(told[..dot], out var entity)
                || entity.Parent is not null
            )
                continue;
            if (pack.Guards.RowFor(environment.Db, goal.Tool, arguments, entity) is { } row && !planner.Reveal(row))
                return false;
        }

        return true;
    }

    // A value that the agent computes need not be stated or read; its operands must.
    public bool IsGiven(ArgumentSpec spec, Json value, IReadOnlyList<Fact> facts) =>
        spec switch
        {
            ValueOf { Formula.Computes: true } => true,
            RecordOf record => record.Parts.All(p => IsGiven(p.Value, value[p.Name], facts)),
            ListOf list when value is JsonList items && items.Items.Count == list.Items.Count => list
                .Items.Select((s, i) => IsGiven(s, items.Items[i], facts))
                .All(given => given),
            _ => planner.Knows(value) || facts.Any(f => f.Value == value),
        };

    public static IEnumerable<Formula> Computed(ArgumentSpec spec) =>
        spec switch
        {
            ValueOf { Formula: Operation { Computes: true } formula } => [formula],
            RecordOf record => record.Parts.SelectMany(p => Computed(p.Value)),
            ListOf list => list.Items.SelectMany(Computed),
            _ => [],
        };

    // An amount is computed with the pack's calculator, if it has one, and only once.
    public bool WorkOut(Formula formula, FormulaScope scope)
    {
        if (
            pack.Tools.Calculator is not { } calculator
            || formula.Working(scope) is not { } working
            || !working.Contains(' ', StringComparison.Ordinal)
        )
            return true;
        if (working.LastIndexOf('(') == 0 && working.IndexOf(')', StringComparison.Ordinal) == working.Length - 1)
            working = working[1..^1];
        var arguments = (JsonMap)Json.Map((calculator.Parameters[0].Name, working));
        return planner.Actions.Exists(a => a.Tool == calculator.Name && a.Arguments == arguments) || planner.Call(calculator, arguments);
    }
}
