using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Plans;

namespace ConvoSynth.Cli.Coverage;

/// <summary>
/// Counts how different tasks are by what their gold does: ids and words do not count. Memory grows with distinct sequences and plans, and
/// not with tasks.
/// </summary>
internal sealed class PlanVariety(Pack pack)
{
    /// <summary>A sequence or multiset that fewer tasks have is an accident, and no kind of task.</summary>
    public const int Counted = 20;

    private const int Commonest = 10;

    private readonly PlanSequences _canon = new(pack);
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _canonical = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _multisets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _tools = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, int> _plans = [];
    private readonly HashSet<UInt128> _literal = [];
    private readonly SortedDictionary<int, long> _calls = [];
    private readonly SortedDictionary<int, long> _chains = [];
    private readonly SortedDictionary<int, long> _writes = [];
    private readonly SortedDictionary<int, long> _depths = [];
    private long _repeated;
    private long _tasks;

    /// <summary>Tool → the share of tasks that use it, 0 to 1, in the order of the pack.</summary>
    public IEnumerable<(string Tool, double Share)> Tools =>
        pack.Tools.All.Select(t => (t.Name, _tasks == 0 ? 0 : (double)_tools.GetValueOrDefault(t.Name) / _tasks));

    public void Take(Blueprint task)
    {
        _tasks++;
        Up(_sequences, string.Join('>', task.Actions.Select(a => a.Tool)));
        Up(_canonical, _canon.SequenceOf(task));
        var writes = task.Actions.Where(a => a.Writes).Select(a => a.Tool).ToArray();
        Up(_multisets, string.Join('+', writes.Order(StringComparer.Ordinal)));
        Up(_writes, writes.Length);
        Up(_calls, task.Actions.Length);
        Up(_depths, task.Depth);
        Up(_chains, PlanSequences.ChainOf(task));
        foreach (var tool in task.Actions.Select(a => a.Tool).Distinct(StringComparer.Ordinal))
            Up(_tools, tool);
        if (!task.Scenario.Requests.IsEmpty)
        {
            Up(_plans, CanonicalPlan.Of(task));
            if (!_literal.Add(CanonicalPlan.Literal(task)))
                _repeated++;
        }
    }

    /// <summary>Literal plans may occur again from here on: the tasks that follow are about another world.</summary>
    public void BeginWorld() => _literal.Clear();

    public VarietyFigures Figures() =>
        new(_tasks, _sequences.Count, _canonical.Count, _multisets.Count, _plans.Count, CommonestShare())
        {
            Writeless = Share(_writes.GetValueOrDefault(0)),
            ManyWrites = Share(_writes.Where(w => w.Key > 1).Sum(w => w.Value)),
            MostWrites = _writes.Keys.LastOrDefault(),
            CommonCanonical = _canonical.Values.Count(n => n >= Counted),
            CommonWrites = _multisets.Values.Count(n => n >= Counted),
            Repeated = Share(_repeated),
            CommonestPlan = _plans.Count == 0 ? 0 : Share(_plans.Values.Max()),
            Depths = (Quantile(_depths, 0.5), Quantile(_depths, 0.9)),
            Calls = (Quantile(_calls, 0.5), Quantile(_calls, 0.9)),
            Chains = (Quantile(_chains, 0.5), Quantile(_chains, 0.9)),
        };

    /// <summary>The means over draws of one size: the distinct counts of a large set say nothing about a small one.</summary>
    public static VarietyFigures MeanOf(ImmutableArray<VarietyFigures> draws) =>
        new(
            draws[0].Tasks,
            draws.Average(d => d.Sequences),
            draws.Average(d => d.Canonical),
            draws.Average(d => d.Writes),
            draws.Average(d => d.Plans),
            draws.Average(d => d.Commonest)
        )
        {
            Writeless = draws.Average(d => d.Writeless),
            ManyWrites = draws.Average(d => d.ManyWrites),
            Repeated = draws.Average(d => d.Repeated),
            CommonestPlan = draws.Average(d => d.CommonestPlan),
            Depths = (Middle(draws, d => d.Depths.Median), Middle(draws, d => d.Depths.Tenth)),
            MostWrites = draws.Max(d => d.MostWrites),
            Calls = (Middle(draws, d => d.Calls.Median), Middle(draws, d => d.Calls.Tenth)),
            Chains = (Middle(draws, d => d.Chains.Median), Middle(draws, d => d.Chains.Tenth)),
        };

    private static int Middle(ImmutableArray<VarietyFigures> draws, Func<VarietyFigures, int> of) =>
        draws.Select(of).Order().ElementAt(draws.Length / 2);

    private double CommonestShare() => Share(_canonical.Values.OrderDescending().Take(Commonest).Sum());

    private double Share(long tasks) => _tasks == 0 ? 0 : (double)tasks / _tasks;

    private int Quantile(SortedDictionary<int, long> counts, double share)
    {
        long sum = 0;
        foreach (var (value, count) in counts)
        {
            sum += count;
            if (sum >= share * _tasks)
                return value;
        }

        return 0;
    }

    private static void Up(Dictionary<UInt128, int> counts, UInt128 key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static void Up<T>(IDictionary<T, long> counts, T key)
        where T : notnull => counts[key] = (counts.TryGetValue(key, out var count) ? count : 0) + 1;
}
