using ConvoSynth.Core;
using ConvoSynth.Domains.Checking;

namespace ConvoSynth.Domains.Overlaps;

/// <summary>
/// Reads the tasks of a benchmark: those of tau-bench (JSON or its own Python), of tau2-bench, of BFCL (JSON lines with a
/// <c>question</c>; calls under <c>ground_truth</c>, as texts or as objects), and rows with <c>instruction</c> and <c>actions</c>. BFCL
/// keeps its calls in a second file; lines of one id are joined.
/// </summary>
public static class KnownTaskFile
{
    /// <exception cref="FormatException">The file is no list of such tasks; the message names the file and the task.</exception>
    public static IReadOnlyList<KnownTask> Read(IReadOnlyList<string> paths) =>
        [
            .. paths
                .SelectMany(Read)
                .GroupBy(t => t.Id, StringComparer.Ordinal)
                .SelectMany(Joined)
                .Where(t => t.Text.Length > 0 || t.Calls.Length > 0),
        ];

    private static IEnumerable<KnownTask> Read(string path) =>
        ForeignTasks
            .Read(path)
            .Select((task, i) => task is JsonMap ? Task(task) : throw new FormatException($"{path}: task {i} is no object"));

    private static KnownTask Task(Json task)
    {
        var calls = ForeignTasks.CriteriaOf(task)["actions"] is JsonList actions
            ? ForeignTasks.AgentActions(actions).Select(a => new KnownCall(a["name"].Text ?? "", ForeignTasks.ArgumentsOf(a)))
            : Flat(task["ground_truth"]).SelectMany(Expected);
        return new(ForeignTasks.IdOf(task), string.Join(' ', Texts(task)), [.. calls]);
    }

    // Only one half of a task of BFCL has a question, and only the other has calls.
    private static IEnumerable<KnownTask> Joined(IGrouping<string, KnownTask> same)
    {
        if (
            same.Count() == 2
            && same.Single(t => t.Text.Length > 0, out var asked)
            && same.Single(t => t.Text.Length == 0, out var expected)
        )
            return [asked with { Calls = expected.Calls }];
        return same;
    }

    private static bool Single(this IEnumerable<KnownTask> tasks, Func<KnownTask, bool> which, out KnownTask only)
    {
        var found = tasks.Where(which).ToArray();
        only = found.FirstOrDefault()!;
        return found.Length == 1;
    }

    private static IEnumerable<string> Texts(Json task) =>
        Strings(task["instruction"])
            .Concat(Strings(task["user_scenario"]["instructions"]))
            .Concat(Flat(task["question"]).Where(m => m["role"].Text is "user" or null).SelectMany(m => Strings(m["content"])));

    private static IEnumerable<string> Strings(Json value) => value.Leaves().Select(v => v.Text).OfType<string>();

    private static IEnumerable<Json> Flat(Json value) =>
        value is JsonList list ? list.Items.SelectMany(Flat)
        : value.IsNull ? []
        : [value];

    // {"cd": {"folder": ["document", "documents"]}}: each argument has its allowed values, the plain one first. Or cd(folder='document').
    private static IEnumerable<KnownCall> Expected(Json call)
    {
        if (call is JsonMap map)
            return map.Keys.Select(name => new KnownCall(name, FirstOf(map[name])));
        if (call.Text is not { } text || text.IndexOf('(', StringComparison.Ordinal) is not (> 0 and var open))
            return [];
        try
        {
            var read = PythonLiterals.Read("", $"call = [{text}]");
            return [new(text[..open], read is [{ Value: JsonList { Items: [JsonMap arguments] } }] ? arguments : JsonMap.Empty)];
        }
        catch (FormatException)
        {
            // Its arguments are no literals, and its name alone remains.
            return [new(text[..open], JsonMap.Empty)];
        }
    }

    private static JsonMap FirstOf(Json arguments) =>
        arguments is JsonMap map
            ? Json.Map([.. map.Keys.Select(name => (name, map[name] is JsonList { Items: [var first, ..] } ? first : map[name]))])
            : JsonMap.Empty;
}
