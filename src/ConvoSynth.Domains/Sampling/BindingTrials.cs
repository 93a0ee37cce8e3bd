using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Tries rows and drawn arguments against the guard outcomes that a cell wants.</summary>
internal sealed class BindingTrials(Pack pack, GuardIndex guards)
{
    // Which goals use a slot, and which arguments are left open, is the same for every binding. By slot and goal, which combined intents
    // share: the intents themselves are as many as combinations.
    private readonly ConcurrentDictionary<SlotSpec, (DoGoal Goal, ToolParameter Parameter)[]> _uses = new(
        ReferenceEqualityComparer.Instance
    );

    private readonly ConcurrentDictionary<GoalSpec, (DoGoal Goal, ToolParameter Parameter)[]> _open = new(
        ReferenceEqualityComparer.Instance
    );

    // From a random position, the first row that fits and whose own guards have the wanted outcomes; failing that, the first that fits.
    public EntityRow? Fitting(Cell cell, SlotSpec slot, IEnumerable<EntityRow> rows, Func<EntityRow, bool> fits, Db db, SeededRandom random)
    {
        var all = rows as EntityRow[] ?? rows.ToArray();
        if (all.Length == 0)
            return null;
        var uses = _uses.GetOrAdd(
            slot,
            static (s, intent) =>
                [
                    .. intent
                        .Goals.SelectMany(Writes)
                        .SelectMany(g =>
                            g.With.Where(w =>
                                    w.Value is ValueOf { Formula: NamePath { Rest: null } name }
                                    && name.Head == s.Name
                                    && !w.Parameter.IsList
                                )
                                .Select(w => (g, w.Parameter))
                        ),
                ],
            cell.Intent
        );
        var from = random.Next(all.Length);
        EntityRow? first = null;
        for (var i = 0; i < all.Length; i++)
        {
            var row = all[(from + i) % all.Length];
            if (!fits(row))
                continue;
            if (Array.TrueForAll(uses, u => Suits(cell, u.Goal, u.Parameter, row, db)))
                return row;
            first ??= row;
        }

        return first;
    }

    private bool Suits(Cell cell, DoGoal goal, ToolParameter parameter, EntityRow row, Db db)
    {
        var wanted = ReferenceEquals(goal, cell.Target) ? cell.Broken : null;
        foreach (var guard in goal.Tool.Guards)
        {
            if (guards.Test(db, goal.Tool, parameter, guard, row) is { } holds && holds == ReferenceEquals(guard, wanted))
                return false;
        }

        return true;
    }

    internal static IEnumerable<DoGoal> Writes(GoalSpec goal) =>
        goal switch
        {
            DoGoal write => write.Else is null ? [write] : Writes(write.Else).Prepend(write),
            IfGoal branch => Writes(branch.Then).Concat(Writes(branch.Else)),
            _ => [],
        };

    public Dictionary<(GoalSpec, string), Json> Draw(Cell cell, SeededRandom random)
    {
        var drawn = new Dictionary<(GoalSpec, string), Json>(Binding.ByGoal);
        foreach (var wanted in cell.Intent.Goals)
        {
            foreach (var (goal, parameter) in _open.GetOrAdd(wanted, Open))
                drawn[(goal, parameter.Name)] = ArgumentDraw.Any(parameter.Schema, random);
        }

        return drawn;
    }

    private static (DoGoal Goal, ToolParameter Parameter)[] Open(GoalSpec goal) =>
        [
            .. Writes(goal)
                .SelectMany(g => g.With.Where(w => w.Value is AnyValue or ListOf { Items: [AnyValue] }).Select(w => (g, w.Parameter))),
        ];

    public bool Suits(Binding binding, Db db)
    {
        var cell = binding.Cell;
        var scope = binding.Scope(pack, db);
        foreach (var goal in cell.Intent.Goals)
        {
            if (goal is DoGoal write)
            {
                if (
                    !pack.Guards.BreaksOnly(
                        ReferenceEquals(goal, cell.Target) ? cell.Broken : null,
                        db,
                        write.Tool,
                        binding.Arguments(write, scope)
                    )
                )
                    return false;
            }
            else if (goal is IfGoal condition && ReferenceEquals(goal, cell.Target) && condition.Condition.Holds(scope) != cell.Condition)
            {
                return false;
            }
        }

        return true;
    }
}
