using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Intents;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// One kind of task: an intent with at most one of its decisions reversed, that is, a guard broken or a condition false. All other
/// guards hold.
/// </summary>
public sealed record Cell(IntentSpec Intent, GoalSpec? Target, GuardSpec? Broken, bool? Condition, string Shape)
{
    public string Name =>
        Broken is not null ? $"{Intent.Id}!{Broken.Clause}"
        : Condition is { } condition ? $"{Intent.Id}?{(condition ? "yes" : "no")}"
        : Intent.Id;

    /// <summary>All cells of a pack, in the order of its intents.</summary>
    public static IReadOnlyList<Cell> Of(IEnumerable<IntentSpec> intents) => [.. intents.SelectMany(Of)];

    private static IEnumerable<Cell> Of(IntentSpec intent)
    {
        var goals = intent.Goals;
        if (!goals.OfType<IfGoal>().Any())
            yield return new(intent, null, null, null, ShapeOf(intent, null));
        foreach (var condition in goals.OfType<IfGoal>())
        {
            yield return new(intent, condition, null, true, ShapeOf(intent, null));
            yield return new(intent, condition, null, false, ShapeOf(intent, null));
        }

        foreach (var goal in goals.OfType<DoGoal>())
        {
            foreach (var guard in goal.Tool.Guards)
                yield return new(intent, goal, guard, null, ShapeOf(intent, goal.Else is null ? guard : null));
        }
    }

    private static string ShapeOf(IntentSpec intent, GuardSpec? refused) => ShapeOf(intent, refused is not null);

    /// <summary>The form of an intent's goals, as in <see cref="Blueprint.Shape"/>.</summary>
    public static string ShapeOf(IntentSpec intent, bool refused)
    {
        var shapes = new List<string>();
        if (refused)
            shapes.Add("refusal");
        if (intent.Goals.Any(g => g is IfGoal or DoGoal { Else: not null }))
            shapes.Add("condition");
        if (intent.Slots.Any(s => s.Pick is not null))
            shapes.Add("choice");
        var answers = intent.Goals.SelectMany(Answers).ToArray();
        if (answers.Any(a => a.Answer.Computes))
            shapes.Add("computed");
        else if (answers.Length > 0)
            shapes.Add("lookup");
        if (shapes.Count == 0)
            shapes.Add("plain");
        return string.Join('+', shapes);
    }

    private static IEnumerable<TellGoal> Answers(GoalSpec goal) =>
        goal switch
        {
            TellGoal tell => [tell],
            IfGoal branch => Answers(branch.Then).Concat(Answers(branch.Else)),
            DoGoal { Else: { } @else } => Answers(@else),
            _ => [],
        };
}

/// <summary>
/// Assigns a cell to each index by a fixed round that holds every cell, with the forms that make tasks hard more often. It is a
/// function of the index, so partitions sample without coordination and coverage stays even. Bound: a cell with k places in the round
/// is always less than k draws away from its share. Two things come on top: an index whose cell cannot be produced takes the cell seven
/// places on, and one index in six is a twin.
/// </summary>
public sealed class CellSchedule
{
    // Most of the hard tasks in public benchmarks have a condition, a choice, a computed answer or a refusal; plain requests are the
    // smaller part.
    private static readonly (string Class, double Share)[] Shares =
    [
        ("refusal", 0.22),
        ("condition", 0.34),
        ("computed", 0.18),
        ("plain", 0.26),
    ];
    private readonly (Cell Cell, int Before, int InRound)[] _round;

    public CellSchedule(IReadOnlyList<Cell> cells, Seed seed)
    {
        if (cells.Count == 0)
            throw new BlueprintException("no intent of the pack can be sampled on its data");
        Cells = cells;
        var classes = Shares
            .Select(s => (s.Share, Cells: cells.Where(c => ClassOf(c) == s.Class).ToArray()))
            .Where(c => c.Cells.Length > 0)
            .ToArray();
        var total = classes.Sum(c => c.Share);
        var length = Math.Max(200, cells.Count * 4);
        var round = seed.Random()
            .Shuffled(
                classes.SelectMany(c =>
                    Enumerable.Range(0, Math.Max(c.Cells.Length, (int)(length * c.Share / total))).Select(i => c.Cells[i % c.Cells.Length])
                )
            );
        var places = round
            .GroupBy(c => c, ReferenceEqualityComparer.Instance)
            .ToDictionary(g => g.Key!, g => g.Count(), ReferenceEqualityComparer.Instance);
        var before = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        _round = [.. round.Select(c => (c, before[c] = before.GetValueOrDefault(c, -1) + 1, places[c]))];
    }

    public IReadOnlyList<Cell> Cells { get; }

    /// <summary>The cell of an index, and how often it occurred at smaller indexes.</summary>
    public (Cell Cell, long Visit) this[long index]
    {
        get
        {
            var (cell, before, inRound) = _round[(int)(index % _round.Length)];
            return (cell, (index / _round.Length * inRound) + before);
        }
    }

    private static string ClassOf(Cell cell) =>
        cell.Shape.Contains("refusal", StringComparison.Ordinal) ? "refusal"
        : cell.Shape.Contains("condition", StringComparison.Ordinal) || cell.Shape.Contains("choice", StringComparison.Ordinal)
            ? "condition"
        : cell.Shape.Contains("computed", StringComparison.Ordinal) ? "computed"
        : "plain";
}
