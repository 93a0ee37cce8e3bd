using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Dialogues.Recorded;

/// <summary>Reads results of tau2-bench: all tasks of a run, and one simulation for each task and trial.</summary>
internal static class SimulationRuns
{
    public static RecordedDialogues Read(Json root, JsonList simulations, string file)
    {
        var instructions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var task in root["tasks"].Items)
            instructions.TryAdd(task["id"].Text ?? task["id"].ToCanonicalString(), InstructionOf(task["user_scenario"]["instructions"]));
        var dialogues = ImmutableArray.CreateBuilder<RecordedDialogue>(simulations.Items.Count);
        var leftOut = ImmutableArray.CreateBuilder<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < simulations.Items.Count; i++)
        {
            var (simulation, where) = (simulations.Items[i], $"{file}: simulation {i}");
            var taskId = RecordedDialogues.TaskIdOf(simulation, where);
            var id = $"task-{taskId}-trial-{(simulation["trial"].Number ?? 0).ToString(CultureInfo.InvariantCulture)}";
            var turns = Turns(simulation["messages"]);
            if (turns.Items.Any(static t => t["requestor"].Text == "user" || (t["role"].Text == "user" && t["tool_calls"].Items.Count > 0)))
            {
                leftOut.Add($"{id} (the user calls tools of its own)");
                continue;
            }

            if (RecordedMessages.Spoken(turns, $"{where}.messages") is not { IsEmpty: false } messages)
            {
                leftOut.Add($"{id}{(simulation["termination_reason"].Text is { } reason ? $" ({reason})" : "")}");
                continue;
            }

            dialogues.Add(
                new()
                {
                    Id = ids.Add(id) ? id : $"{id}-simulation-{i}",
                    Agent = root["info"]["agent_info"]["llm"].Text ?? "",
                    Human = root["info"]["user_info"]["llm"].Text ?? "",
                    TaskId = taskId,
                    Instruction = instructions.GetValueOrDefault(taskId) ?? "",
                    Reward = simulation["reward_info"]["reward"].Number ?? 0,
                    Messages = messages,
                }
            );
        }

        return new(root["info"]["environment_info"]["policy"].Text ?? "", dialogues.ToImmutable()) { LeftOut = leftOut.ToImmutable() };
    }

    // Drops the greeting, which the benchmark itself says before the user speaks. One message may hold several observations.
    private static JsonList Turns(Json messages)
    {
        var turns = messages.Items.SelectMany(static m => m["tool_messages"] is JsonList several ? several.Items : [m]);
        return new([.. turns.SkipWhile(static m => m["role"].Text == "assistant" && m["tool_calls"].Items.Count == 0)]);
    }

    private static string InstructionOf(Json instructions) =>
        instructions switch
        {
            JsonText text => text.Value,
            JsonMap map => string.Join(
                "\n\n",
                map.Keys.Zip(map.Values).Where(static p => p.First != "domain").Select(static p => p.Second.Text).OfType<string>()
            ),
            _ => "",
        };
}
