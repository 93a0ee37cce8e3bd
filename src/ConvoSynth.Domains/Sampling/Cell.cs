using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// One kind of task: an intent with at most one of its decisions turned the other way: a guard broken, or a condition false. All
/// other guards hold.
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

    /// <summary>The form of an intent's goals, as <see cref="Blueprint.Shape"/> has it.</summary>
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
/// Which cell an index gets: a fixed round in which every cell comes up, the forms that make tasks hard more often. A function of
/// the index, so that partitions sample without asking each other and coverage still comes out even: it always takes a cell that is
/// behind, without keeping count. Proof of the bound: of the R places of the round a cell has k, and a round visits each place once. The
/// first n indexes are q = floor(n / R) whole rounds and a part of one, so the cell was drawn at least qk and at most (q + 1)k times; its
/// share nk / R lies between the same two. So no cell is ever k draws (one round's) or more away from its share. An index whose cell
/// cannot be brought about takes another cell's, seven places on, and one in six is a twin: these come on top of the draws.
/// </summary>
public sealed class CellSchedule
{
    // Of the field's hard benchmark tasks most have an if, a choice, a computed answer or a refusal; plain wishes are the smaller part.
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

    /// <summary>The cell of an index, and how often it came up at smaller ones.</summary>
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
