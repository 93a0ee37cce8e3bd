using ConvoSynth.Export.Filters;

namespace ConvoSynth.Serve.Tasks;

/// <summary>All tasks of a server, in the order in which episodes take them.</summary>
internal sealed class TaskSet
{
    private static readonly string[] Splits = [SplitShares.Train, SplitShares.Validation, SplitShares.Test];

    private readonly Dictionary<string, ServedTask> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ServedTask>[]> _byEnvironment = new(StringComparer.Ordinal);
    private readonly List<string> _environments = [];
    private int _next = -1;

    /// <exception cref="ServeException">There is no task.</exception>
    public TaskSet(IReadOnlyList<ServedTask> tasks, string from)
    {
        if (tasks.Count == 0)
            throw new ServeException($"{from} has no task to serve");
        All = tasks;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var sets = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            _byId.TryAdd(task.Id, task);
            var key = $"{task.Domain}\n{string.Join('\n', task.Tools)}";
            if (!names.TryGetValue(key, out var name))
            {
                var number = sets[task.Domain] = sets.GetValueOrDefault(task.Domain) + 1;
                names[key] = name = (number == 1 ? task.Domain : $"{task.Domain}-tools-{number}").ToLowerInvariant();
                _environments.Add(name);
                _byEnvironment[name] = [.. Splits.Select(_ => new List<ServedTask>())];
            }

            _byEnvironment[name][Array.IndexOf(Splits, task.Split)].Add(task);
        }
    }

    public IReadOnlyList<ServedTask> All { get; }

    /// <summary>
    /// Environments in order of first use. Each has one pack and one set of tools, since trainers bind the tools of an environment once.
    /// The first set of a pack has the pack's name.
    /// </summary>
    public IReadOnlyList<string> Environments => _environments;

    /// <summary>Any task of an environment, for what all have in common; null if there is no such environment.</summary>
    public ServedTask? FirstOf(string environment) => _byEnvironment.GetValueOrDefault(environment)?.First(s => s.Count > 0)[0];

    /// <summary>The splits of an environment that have tasks, train first.</summary>
    public IReadOnlyList<string> SplitsOf(string environment) =>
        [.. Splits.Where((_, i) => _byEnvironment.GetValueOrDefault(environment)?[i].Count > 0)];

    public IReadOnlyList<ServedTask> Of(string environment, string split) =>
        Array.IndexOf(Splits, split) is >= 0 and var place && _byEnvironment.TryGetValue(environment, out var splits) ? splits[place] : [];

    public ServedTask? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The task of a seed: the same one for the same seed.</summary>
    public ServedTask OfSeed(long seed) => All[(int)((ulong)seed % (ulong)All.Count)];

    /// <summary>The next task in order, for an episode that asks for none.</summary>
    public ServedTask Next() => All[(int)((uint)Interlocked.Increment(ref _next) % (uint)All.Count)];
}
