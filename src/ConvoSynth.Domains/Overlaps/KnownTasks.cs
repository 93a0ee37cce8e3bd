using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Overlaps;

/// <summary>A task of a benchmark that a sampled task repeats.</summary>
/// <param name="Why">What the two share, in words.</param>
public sealed record Overlap(string KnownId, string Why);

/// <summary>
/// Tasks of benchmarks. A sampled task repeats such a task in its words, in its calls, or in the rows that it is about. Training on it
/// spoils the benchmark as a measure.
/// </summary>
public sealed class KnownTasks
{
    // Of the known task's four-word runs. Half of them make a text a copy, whatever its names; a fourth does if the calls are the same too.
    private const double CopiedWords = 0.5;
    private const double SameStyle = 0.25;

    // Two ids are often one order and its owner, which many tasks are about.
    private const int EnoughEntities = 3;

    private readonly ImmutableArray<(string Id, TaskPrint Print)> _tasks;
    private readonly Dictionary<string, List<int>> _byGram = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byEntity = new(StringComparer.OrdinalIgnoreCase);

    public KnownTasks(IEnumerable<KnownTask> tasks)
    {
        _tasks = [.. tasks.Select(t => (t.Id, TaskPrint.Of(t)))];
        for (var i = 0; i < _tasks.Length; i++)
        {
            foreach (var gram in _tasks[i].Print.Grams)
                Add(_byGram, gram, i);
            foreach (var entity in _tasks[i].Print.Entities)
                Add(_byEntity, entity, i);
        }
    }

    public int Count => _tasks.Length;

    /// <summary>The known task that a task repeats most; null if it repeats none.</summary>
    public Overlap? Find(Blueprint task) => Find(TaskPrint.Of(task));

    /// <inheritdoc cref="Find(Blueprint)"/>
    public Overlap? Find(KnownTask task) => Find(TaskPrint.Of(task));

    private Overlap? Find(TaskPrint print)
    {
        var words = Shared(print.Grams, _byGram);
        var entities = Shared(print.Entities, _byEntity);
        Overlap? found = null;
        var most = 0.0;
        foreach (var i in words.Keys.Union(entities.Keys).Order())
        {
            var known = _tasks[i];
            var share = known.Print.Grams.Count == 0 ? 0 : (double)words.GetValueOrDefault(i) / known.Print.Grams.Count;
            var isSamePlan = known.Print.Plan.Length > 0 && known.Print.Plan == print.Plan;
            var isSameRows = known.Print.Entities.Count > 0 && entities.GetValueOrDefault(i) == known.Print.Entities.Count;
            var why =
                share >= CopiedWords ? "its words"
                : isSamePlan && isSameRows ? "its calls and the rows that they are about"
                : isSamePlan && share >= SameStyle ? "its calls and some of its words"
                : isSameRows && known.Print.Entities.Count >= EnoughEntities ? "all rows that it is about"
                : null;
            if (why is null || (found is not null && share <= most))
                continue;
            (found, most) = (new(known.Id, why), share);
        }

        return found;
    }

    private static Dictionary<int, int> Shared(IEnumerable<string> parts, Dictionary<string, List<int>> index)
    {
        var shared = new Dictionary<int, int>();
        foreach (var part in parts)
        {
            if (!index.TryGetValue(part, out var tasks))
                continue;
            foreach (var task in tasks)
                shared[task] = shared.GetValueOrDefault(task) + 1;
        }

        return shared;
    }

    private static void Add(Dictionary<string, List<int>> index, string key, int task)
    {
        if (!index.TryGetValue(key, out var tasks))
            index[key] = tasks = [];
        tasks.Add(task);
    }
}
