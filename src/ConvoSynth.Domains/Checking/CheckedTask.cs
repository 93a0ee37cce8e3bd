using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;

namespace ConvoSynth.Domains.Checking;

/// <summary>One gold call of a foreign task, with the observation that its own environment gave.</summary>
/// <param name="Observation">The exact text; null if the file has none, and then nothing is compared.</param>
public sealed record CheckedAction(string Tool, Json Arguments, string? Observation);

/// <summary>A task of another environment of the same domain: its gold calls, and their effect on a fresh database.</summary>
/// <param name="Changes">From the fresh database to the database after all calls; null if the file does not say.</param>
public sealed record CheckedTask(
    string Id,
    IReadOnlyList<CheckedAction> Actions,
    IReadOnlyList<string> Outputs,
    ImmutableArray<Change>? Changes
);

/// <summary>
/// Reads a list of tasks:
/// <c>[{ "id", "actions": [{ "name", "arguments", "observation" }], "outputs": [text], "changes": [{ "path", "before", "after" }] }]</c>.
/// A change without <c>before</c> is an addition, a change without <c>after</c> a removal. Other fields are ignored. tau-bench's own
/// files are read too. Its tasks are JSON or the original Python, with <c>kwargs</c> instead of <c>arguments</c>; its results hold the
/// task of each dialogue. In tau2-bench's tasks, actions and outputs stand under <c>evaluation_criteria</c>; its results hold a list
/// <c>tasks</c>.
/// </summary>
public static class TaskFile
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">The file is no such list; the message names the file, the task and the field.</exception>
    public static IReadOnlyList<CheckedTask> Read(string path) => [.. ForeignTasks.Read(path).Select((task, i) => Task(task, i, path))];

    private static CheckedTask Task(Json task, int index, string path)
    {
        var where = $"{path}: task {index}";
        var criteria = ForeignTasks.CriteriaOf(task);
        if ((criteria["actions"].IsNull && criteria != task ? JsonList.Empty : criteria["actions"]) is not JsonList actions)
            throw new FormatException($"{where}: \"actions\" is no list");
        return new(
            ForeignTasks.IdOf(task),
            [.. ForeignTasks.AgentActions(actions).Select((a, i) => Action(a, $"{where}, action {i}"))],
            [.. (criteria == task ? task["outputs"] : criteria["communicate_info"]).Items.Select(o => o.Text ?? o.ToString())],
            task["changes"] is JsonList changes ? [.. changes.Items.Select((c, i) => Change(c, $"{where}, change {i}"))] : null
        );
    }

    private static CheckedAction Action(Json action, string where) =>
        new(
            action["name"].Text ?? throw new FormatException($"{where}: \"name\" is no text"),
            ForeignTasks.ArgumentsOf(action) is JsonMap arguments
                ? arguments
                : throw new FormatException($"{where}: \"arguments\" is no object"),
            action["observation"].Text
        );

    private static Change Change(Json change, string where) =>
        new()
        {
            Path =
                change["path"] is JsonList { Items.Count: >= 2 } path && path.Items.All(p => p.Text is not null)
                    ? [.. path.Items.Select(p => p.Text!)]
                    : throw new FormatException($"{where}: \"path\" is no list of two or more keys"),
            Before = change is JsonMap before && before.TryGet("before", out var b) ? b : null,
            After = change is JsonMap after && after.TryGet("after", out var a) ? a : null,
        };
}
