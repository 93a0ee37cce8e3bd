using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>
/// Makes blueprints of tasks that come from elsewhere: gold calls, the texts that the agent must say, and a free-text instruction. Such a
/// blueprint has no scenario, so the checks of the human have nothing to compare with.
/// </summary>
public static class ForeignTask
{
    /// <summary>A text with more digits than this is an identifier, and no amount or count.</summary>
    private const int LongestNumber = 9;

    private static readonly Persona Nobody = new("recorded", "as recorded", JsonMap.Empty);

    /// <summary>
    /// The blueprint: executing gold on a fresh environment gives its only accepted end state. A failed gold call belongs to no plan. A
    /// call of a tool that the pack lacks is left out.
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

    /// <summary>Whether an agent that neither acts nor speaks satisfies the blueprint.</summary>
    public static bool IsVacuous(Blueprint blueprint) =>
        blueprint.Outputs.IsEmpty && blueprint.Refusals.IsEmpty && blueprint.AcceptedEndStates.Any(s => s.Diff.IsEmpty);

    // A numeric text may be said in any spelling of its number.
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
