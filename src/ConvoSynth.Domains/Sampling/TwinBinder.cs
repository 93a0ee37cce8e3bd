using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Turns a task into its twin: the same task in a world that differs in one field.</summary>
internal sealed class TwinBinder(Pack pack)
{
    /// <summary>The same task in a world with one changed field that reverses its outcome; null if no single change does.</summary>
    public Binding? Twin(Binding binding, SeededRandom random)
    {
        var cell = binding.Cell;
        var goal = cell.Target as DoGoal ?? cell.Intent.Goals.OfType<DoGoal>().FirstOrDefault();
        if (goal is null || !binding.Patch.IsEmpty)
            return null;
        var arguments = binding.Arguments(goal, binding.Scope(pack, pack.BaseView));
        var wanted = cell.Broken is not null ? null : random.Shuffled(goal.Tool.Guards.Where(g => g.DependsOnRowsOnly));
        foreach (var step in random.Shuffled(Concerned(binding, goal, arguments).SelectMany(r => FieldSteps.Large(pack, r))))
        {
            var broken = pack.Guards.Broken(pack.View([step]), goal.Tool, arguments);
            if (wanted is null ? broken.Count != 0 : broken.Count != 1)
                continue;
            var turned = cell with
            {
                Target = goal,
                Broken = wanted is null ? null : broken[0],
                Shape = TwinShape(cell, goal, wanted is not null),
            };
            return Rebound(binding with { Cell = turned, Patch = [step] });
        }

        return null;
    }

    private static string TwinShape(Cell cell, DoGoal goal, bool refused)
    {
        if (goal.Else is not null)
            return cell.Shape;
        var rest = cell.Shape.Split('+').Where(s => s is not ("refusal" or "plain")).ToArray();
        return string.Join(
            '+',
            refused ? ["refusal", .. rest]
                : rest.Length == 0 ? ["plain"]
                : rest
        );
    }

    private IEnumerable<EntityRow> Concerned(Binding binding, DoGoal goal, JsonMap arguments) =>
        goal
            .Tool.Guards.SelectMany(g => g.Parameters)
            .Where(p => p.Input == GuardInput.Row)
            .Select(p => p.Name)
            .Distinct(StringComparer.Ordinal)
            .Select(name => pack.Guards.RowFor(pack.BaseView, goal.Tool, arguments, pack.Domain.Entity(name)))
            .OfType<EntityRow>();

    // Rows are immutable values, so they must be read again under a patch.
    private Binding? Rebound(Binding binding)
    {
        var db = pack.View(binding.Patch);
        var slots = new Dictionary<string, EntityRow>(StringComparer.Ordinal);
        foreach (var (name, row) in binding.Slots)
        {
            var within = row.Parent is null ? null : pack.Rows.Find(db, row.Parent.Entity, row.Parent.Key);
            if (pack.Rows.Find(db, row.Entity, row.Key, within) is not { } now)
                return null;
            slots[name] = now;
        }

        return pack.Rows.Find(db, binding.Owner.Entity, binding.Owner.Key) is { } owner
            ? binding with
            {
                Slots = slots,
                Owner = owner,
            }
            : null;
    }
}
