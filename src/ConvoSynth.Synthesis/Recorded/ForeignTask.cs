using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// A task that was made elsewhere: an instruction in free words, gold calls and the texts that the agent must say. It has no scenario, so that the checks
/// of the human have nothing to hold against it.
/// </summary>
/// <param name="Id">Its number in its file.</param>
/// <param name="Actions">The gold calls: tool and arguments.</param>
/// <param name="Outputs">What the agent must say, as the benchmark spells it.</param>
public sealed record ForeignTask(long Id, string Instruction, ImmutableArray<(string Tool, Json Arguments)> Actions, ImmutableArray<string> Outputs)
{
    private static readonly Persona Nobody = new("recorded", "as recorded", JsonMap.Empty);

    /// <summary>Reads a list of tasks: <c>{ id, instruction, actions: [ { name, arguments } ], outputs }</c>.</summary>
    /// <exception cref="FormatException">The file is no such thing; the message names file and task.</exception>
    public static ImmutableArray<ForeignTask> Read(string file)
    {
        Json root;
        try
        {
            root = Json.Parse(File.ReadAllBytes(file));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }

        if (root is not JsonList tasks) throw new FormatException($"{file}: a list of tasks is wanted");
        return [.. tasks.Items.Select((t, i) => Task(t, $"{file}: [{i}]"))];
    }

    /// <summary>
    /// The blueprint: gold carried out on a fresh environment gives the one accepted end state. A failed gold call belongs to no plan, and one to a tool that the pack
    /// does not have is left out.
    /// </summary>
    public Blueprint AsBlueprint(Pack pack)
    {
        var environment = new DialogueEnvironment(pack);
        var actions = ImmutableArray.CreateBuilder<GoldAction>(Actions.Length);
        var writes = ImmutableArray.CreateBuilder<PlannedWrite>();
        foreach (var (name, arguments) in Actions)
        {
            if (pack.Tools.Find(name) is not { } tool) continue;
            var result = environment.Call(tool, arguments);
            actions.Add(new() { Tool = name, Arguments = arguments, Writes = tool.Writes, Observation = result.Text });
            if (tool.Writes && !result.IsError) writes.Add(new(name, arguments));
        }

        return new()
        {
            Id = $"{pack.Name}/foreign/{Id}", Domain = pack.Name, PackHash = pack.Hash, Index = Id, Seed = "", Intent = "foreign", Shape = "foreign",
            FamilyId = $"{pack.Name}/foreign/{Id}", Persona = Nobody, Scenario = new() { Reason = "", Facts = [], Requests = [], StopWhen = "" },
            Instruction = Instruction, Actions = actions.ToImmutable(),
            AcceptedEndStates = [new("gold", pack.Canon.Canonical(environment.Diff()), writes.ToImmutable())],
            Outputs = [.. Outputs.Select(Output)], AvailableTools = [.. pack.Tools.All.Select(t => t.Name)], BenchmarkAdjacent = [.. pack.Domain.BenchmarkAdjacent],
        };
    }

    /// <summary>Whether an agent that does and says nothing would satisfy the blueprint.</summary>
    public static bool IsVacuous(Blueprint blueprint) =>
        blueprint.Outputs.IsEmpty && blueprint.Refusals.IsEmpty && blueprint.AcceptedEndStates.Any(s => s.Diff.IsEmpty);

    // A text that is a number is said in any spelling of that number.
    private static ExpectedOutput Output(string text, int index)
    {
        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && text.Length <= 12;
        Json value = isNumber ? number : text;
        return new($"output-{index}", isNumber ? "money" : "text", value, [value], GroundedBy: -1, Label: $"output {index}");
    }

    private static ForeignTask Task(Json from, string where) => new(
        (long)(from["id"].Number ?? throw new FormatException($"{where}: an \"id\" is wanted")),
        from["instruction"].Text ?? "",
        [.. from["actions"].Items.Select(a => (a["name"].Text ?? throw new FormatException($"{where}: an action without \"name\""), a["arguments"]))],
        [.. from["outputs"].Items.Select(o => o.Text ?? o.ToString())]);
}
