using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.ByHand;

/// <summary>
/// Makes blueprints of tasks by hand, under the same demands as sampled ones: gold is executed, wrong solutions must fail, and the
/// words must fit.
/// </summary>
public sealed class TaskByHandMaking(Pack pack)
{
    /// <summary>How often the values that the author left open are drawn, until the task can be executed.</summary>
    private const int Tries = 10;

    private readonly MustFail _mustFail = new(pack);
    private readonly HashSet<string> _offered = [.. pack.Tools.All.Select(t => t.Name)];

    /// <summary>
    /// Makes the blueprint. The same task and seed give the same blueprint. Another seed changes the words, and the values that the
    /// author left open.
    /// </summary>
    /// <exception cref="BlueprintException">The task cannot be made as its author wants; the message names file, line and
    /// reason.</exception>
    public Blueprint Make(TaskByHand task, Seed seed)
    {
        var failure = "";
        for (var i = 0; i < Tries; i++)
        {
            var own = seed.For(task.Id).For(i);
            var random = own.Random();
            var composer = new BlueprintComposer(pack, new RowsByHand(pack, task).Bind(random), random, _offered);
            var id = $"{pack.Name}/by-hand/{task.Id}";
            if (composer.Compose(id, 0, own, id) is not { } composed)
            {
                failure = composer.Failure ?? "it cannot be carried out";
                continue;
            }

            var blueprint = Worded(task, composed, own);
            if (Problem(task, blueprint, composer.WrongWrites) is not { } problem)
                return blueprint;
            failure = problem;
        }

        throw Fault(task, failure);
    }

    internal static BlueprintException Fault(TaskByHand task, string reason) =>
        new($"{new PackDiagnostic(task.File, task.Line, $"the task {task.Id} cannot be made: {reason}")}");

    private static Blueprint Worded(TaskByHand task, Blueprint blueprint, Seed seed)
    {
        var facts = blueprint.Scenario.Facts;
        foreach (var slot in task.Disclosures.Keys.Order(StringComparer.Ordinal))
        {
            if (facts.All(f => f.Slot != slot))
                throw Fault(
                    task,
                    $"\"disclosure\" names the fact {slot}; the task's facts are {string.Join(", ", facts.Select(f => f.Slot))}"
                );
        }

        var scenario = blueprint.Scenario with
        {
            Facts =
            [
                .. facts.Select(f => task.Disclosures.TryGetValue(f.Slot, out var disclosure) ? f with { Disclosure = disclosure } : f),
            ],
        };
        var persona = task.Persona ?? blueprint.Persona;
        return blueprint with
        {
            Scenario = scenario,
            Persona = persona,
            Shape = Cell.ShapeOf(task.Intent, !blueprint.Refusals.IsEmpty),
            Instruction = task.Instruction ?? InstructionWriter.Write(scenario, persona, seed.For("instruction")),
        };
    }

    private string? Problem(TaskByHand task, Blueprint blueprint, IReadOnlyList<PlannedWrite> wrong)
    {
        if (
            task.Refused is { } refused
            && !refused.Order(StringComparer.Ordinal).SequenceEqual(blueprint.ClausesBroken, StringComparer.Ordinal)
        )
            return $"it should be refused by {Listed(refused)}, and on this data it is by {Listed(blueprint.ClausesBroken)}";
        if (task.Answers is { } answers && !answers.SequenceEqual(blueprint.Outputs.Select(o => o.Value)))
            return $"its answers should be {Listed(answers.Select(a => a.ToString()))}, "
                + $"and on this data they are {Listed(blueprint.Outputs.Select(o => o.Value.ToString()))}";
        return InstructionCheck.Problem(pack, blueprint)
            ?? (_mustFail.Survivor(blueprint, wrong) is { } survivor ? $"{survivor} would pass" : null);
    }

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } listed ? listed : "nothing";
}
