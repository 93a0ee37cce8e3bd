using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Makes blueprints of tasks that were made elsewhere: gold calls, the texts that the agent must say, and an instruction in free words. Such a
/// blueprint has no scenario, so that the checks of the human have nothing to hold against it.
/// </summary>
public static class ForeignTask
{
    /// <summary>More digits than this are a number of something, not an amount.</summary>
    private const int LongestNumber = 9;

    private static readonly Persona Nobody = new("recorded", "as recorded", JsonMap.Empty);

    /// <summary>
    /// The blueprint: gold carried out on a fresh environment gives the one accepted end state. A failed gold call belongs to no plan, and one to a tool that
    /// the pack does not have is left out.
    /// </summary>
    public static Blueprint AsBlueprint(Pack pack, CheckedTask task, string instruction)
    {
        var environment = new DialogueEnvironment(pack);
        var actions = ImmutableArray.CreateBuilder<GoldAction>(task.Actions.Count);
        var writes = ImmutableArray.CreateBuilder<PlannedWrite>();
        foreach (var action in task.Actions)
        {
            if (pack.Tools.Find(action.Tool) is not { } tool)
                continue;
            var result = environment.Call(tool, action.Arguments);
            actions.Add(
                new()
                {
                    Tool = tool.Name,
                    Arguments = action.Arguments,
                    Writes = tool.Writes,
                    Observation = result.Text,
                }
            );
            if (tool.Writes && !result.IsError)
                writes.Add(new(tool.Name, action.Arguments));
        }

        return new()
        {
            Id = $"{pack.Name}/foreign/{task.Id}",
            Domain = pack.Name,
            PackHash = pack.Hash,
            Index = long.TryParse(task.Id, CultureInfo.InvariantCulture, out var index) ? index : 0,
            Seed = "",
            Intent = "foreign",
            Shape = "foreign",
            FamilyId = $"{pack.Name}/foreign/{task.Id}",
            Persona = Nobody,
            Scenario = new()
            {
                Reason = "",
                Facts = [],
                Requests = [],
                StopWhen = "",
            },
            Instruction = instruction,
            Actions = actions.ToImmutable(),
            AcceptedEndStates = [new("gold", pack.Canon.Canonical(environment.Diff()), writes.ToImmutable())],
            Outputs = [.. task.Outputs.Select(Output)],
            AvailableTools = [.. pack.Tools.All.Select(t => t.Name)],
            BenchmarkAdjacent = [.. pack.Domain.BenchmarkAdjacent],
        };
    }

    /// <summary>Whether an agent that does and says nothing would satisfy the blueprint.</summary>
    public static bool IsVacuous(Blueprint blueprint) =>
        blueprint.Outputs.IsEmpty && blueprint.Refusals.IsEmpty && blueprint.AcceptedEndStates.Any(s => s.Diff.IsEmpty);

    // A text that is a number is said in any spelling of that number.
    private static ExpectedOutput Output(string text, int index)
    {
        var isNumber =
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && text.Length <= LongestNumber;
        Json value = isNumber ? number : text;
        var type =
            !isNumber ? "text"
            : text.Contains('.', StringComparison.Ordinal) ? "money"
            : "count";
        return new($"output-{index}", type, value, [value], GroundedBy: -1, Label: $"output {index}") { Text = text };
    }
}
