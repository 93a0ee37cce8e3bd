using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Checking;

/// <summary>The parts of tasks in the files of public benchmarks, wherever a benchmark puts them.</summary>
internal static class ForeignTasks
{
    /// <summary>The tasks of a file: a list, the list <c>tasks</c> of results, or the task of each dialogue of results.</summary>
    /// <exception cref="FormatException">The file has no such list; the message names the file.</exception>
    public static IReadOnlyList<Json> Read(string path)
    {
        var root = Root(path);
        if ((root is JsonMap ? root["tasks"] : root) is not JsonList list)
            throw new FormatException($"{path}: a list of tasks is wanted");
        var tasks = list.Items.Select(
            (task, i) => Identified(task["info"]["task"] is JsonMap held ? held.With("id", task["task_id"]) : task, i)
        );
        // Results hold each task once per trial.
        return list.Items.Any(t => t["info"]["task"] is JsonMap) ? [.. tasks.DistinctBy(IdOf, StringComparer.Ordinal)] : [.. tasks];
    }

    public static string IdOf(Json task) => task["id"].Text ?? task["id"].ToCanonicalString();

    /// <summary>Where a task says what is expected: tau2-bench has a place of its own for it.</summary>
    public static Json CriteriaOf(Json task) => task["evaluation_criteria"] as JsonMap ?? task;

    /// <summary>The agent's actions in the criteria of a task; those of tau2-bench's users are left out.</summary>
    public static IEnumerable<Json> AgentActions(JsonList actions) => actions.Items.Where(static a => a["requestor"].Text != "user");

    /// <summary>An action's arguments: an object, the JSON text that a model wrote, or tau-bench's <c>kwargs</c>.</summary>
    public static Json ArgumentsOf(Json action)
    {
        var arguments = action["arguments"].IsNull ? action["kwargs"] : action["arguments"];
        return arguments.Text is { } text && Json.TryParse(text, out var read, out _) ? read : arguments;
    }

    // A task without an id has that of its place.
    private static Json Identified(Json task, int index) =>
        task is JsonMap map && task["id"].IsNull ? map.With("id", index.ToString(CultureInfo.InvariantCulture)) : task;

    private static Json Root(string path)
    {
        var content = File.ReadAllBytes(path);
        // In a Python file the last list is the list of tasks; the names above it only serve it.
        if (Path.GetExtension(path) == ".py")
            return PythonLiterals.Read(path, PackSources.TextOf(content)).LastOrDefault(b => b.Value is JsonList).Value ?? Json.Null;
        return ForeignJson.Read(path, content);
    }
}
