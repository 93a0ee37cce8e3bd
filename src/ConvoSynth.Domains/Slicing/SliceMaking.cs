using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>How the tasks of one slice are made from tasks of the sampler.</summary>
/// <param name="Fits">Whether tasks of the cell may allow the slice.</param>
/// <param name="Of">The task with the slice's twist; null if this task does not allow it.</param>
internal sealed record SliceMaking(Func<Cell, bool> Fits, Func<Blueprint, SeededRandom, Blueprint?> Of)
{
    /// <summary>The share of combined tasks; null: that of the run.</summary>
    public double? Combined { get; init; }

    /// <summary>How many tasks are tried until the slice fits one.</summary>
    public int Tries { get; init; } = 24;

    /// <summary>Whether the cell's tasks have no refusal.</summary>
    public static bool RefusesNothing(Cell cell) => !cell.Shape.Contains("refusal", StringComparison.Ordinal);

    /// <summary>The making of a slice; null for a slice that needs none, or that no task of the pack can have.</summary>
    public static SliceMaking? For(string slice, Pack pack) =>
        slice switch
        {
            Slices.MissingParameter => new(HasWrite, new MissingParameter(pack).Of),
            Slices.MissingTool => new(IsOneWrite, new MissingTool(pack).Of) { Combined = 0 },
            Slices.Irrelevant => pack.Questions.Count == 0 ? null : new(RefusesNothing, new PolicyQuestion(pack).Of) { Combined = 0 },
            Slices.OutOfPolicy => new(c => !RefusesNothing(c), (task, _) => task.Slice == Slices.OutOfPolicy ? task : null),
            Slices.ToolError => new(RefusesNothing, new ToolErrors(pack).Of),
            Slices.ChangedMind => new(HasWrite, new ChangedMind(pack).Of),
            Slices.Composite => new(RefusesNothing, Composite) { Combined = 1 },
            Slices.NoOp => new(IsOneWrite, new NothingToDo(pack).Of) { Combined = 0 },

            Slices.Ambiguous => new(HasWrite, new SeveralFit(pack).Of) { Tries = 72 },
            Slices.DistractorTools => pack.Lookalikes.Count == 0 ? null : new(HasWrite, new LookalikeTools(pack).Of),
            Slices.LateTool => new(IsOneWrite, new LateTool(pack).Of) { Combined = 0 },
            Slices.Parallel => pack.Amendments.Count == 0 ? null : new(IsWithoutCondition, new ParallelCalls(pack).Of) { Tries = 72 },
            Slices.LongContext => new(IsOneWrite, new CrowdedList(pack).Of) { Combined = 0, Tries = 72 },
            Slices.FalseApproval => new(c => !RefusesNothing(c), new FalseApproval(pack).Of) { Combined = 0 },
            Slices.CorrectedFact => new(HasWrite, new ChangedMind(pack, isMistake: true).Of),
            Slices.OtherRecord => new(HasWrite, new SameAsElsewhere(pack).Of) { Tries = 72 },
            Slices.OffSubject => new(RefusesNothing, new OffTheSubject(pack).Of),
            Slices.DependsOnAnswer => new(TellsAndDoes, new DecidesOnAnswer(pack).Of) { Combined = 0, Tries = 72 },
            Slices.NoStop => new(HasWrite, new UnwillingToStop(pack).Of),
            _ => null,
        };

    /// <summary>Why no task of the pack can have the slice; null if some may.</summary>
    public static string? WhyNone(string slice, Pack pack) =>
        slice switch
        {
            Slices.Irrelevant when pack.Questions.Count == 0 => "the pack has no questions.yaml",
            Slices.DistractorTools when pack.Lookalikes.Count == 0 => "the pack has no lookalikes.yaml",
            Slices.MissingTool when !new HandingOver(pack).IsPossible =>
                "the pack has no rule transfer_iff with a transfer tool, so nothing says what is right without a tool",
            Slices.Parallel when pack.Amendments.Count == 0 => "the pack has no amendments.yaml",
            _ => null,
        };

    private static bool IsWithoutCondition(Cell cell) =>
        RefusesNothing(cell) && cell.Broken is null && !cell.Shape.Contains("condition", StringComparison.Ordinal);

    private static bool HasWrite(Cell cell) => cell.Broken is null && cell.Intent.Goals.Any(g => g is DoGoal);

    // An answer that is given at the end may be about the state that the write leaves.
    private static bool TellsAndDoes(Cell cell) =>
        cell.Broken is null
        && cell.Intent.Goals.Count == 2
        && cell.Intent.Goals.Any(g => g is DoGoal { Else: null })
        && cell.Intent.Goals.Any(g => g is TellGoal { AtEnd: false });

    private static bool IsOneWrite(Cell cell) => cell.Broken is null && cell.Intent.Goals is [DoGoal { Else: null }];

    // An agent that serves the first wish alone must miss a write or an answer.
    private static Blueprint? Composite(Blueprint task, SeededRandom random) =>
        task.Scenario.Requests.Length > 1 && task.Shape.Contains("combined", StringComparison.Ordinal) ? task : null;
}
