using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Cli.Coverage;

/// <summary>What a pack yields: blueprints sampled as in a run, counted, and tested with wrong solutions that must fail.</summary>
internal sealed class PackCoverage
{
    private const int Listed = 50;

    private readonly Pack _pack;
    private readonly MustFail _mustFail;
    private readonly TrivialAgents _trivial;
    private readonly Dictionary<string, long> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _broken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _tools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _intents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _shapes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, long> _depths = [];
    private readonly Dictionary<string, int> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _instructions = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    private PackCoverage(Pack pack)
    {
        _pack = pack;
        _mustFail = new(pack);
        _trivial = new(pack);
    }

    public required long Count { get; init; }

    public required long Seed { get; init; }

    /// <summary>The share of combined tasks.</summary>
    public required double Combined { get; init; }

    public IReadOnlyList<(Cell Cell, string Reason)> Unreachable { get; private set; } = [];

    public int Cells { get; private set; }

    public long Made { get; private set; }

    /// <summary>Indexes without a blueprint.</summary>
    public long Failed { get; private set; }

    public long Patched { get; private set; }

    public long Mutants { get; private set; }

    /// <summary>Blueprints in which a wrong write, or the gold without one of its writes, reaches an accepted state.</summary>
    public long MutantsPass { get; private set; }

    public long SilencePasses { get; private set; }

    /// <summary>Blueprints that require more than a refusal, yet pass an agent that only refuses.</summary>
    public long RefusingPasses { get; private set; }

    /// <summary>Blueprints whose whole solution is a refusal without any read.</summary>
    public long RefusingIsRight { get; private set; }

    /// <summary>The problems, each with the blueprint's id; at most 50.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public bool IsSound => _faults.Count == 0;

    public IEnumerable<(string Shape, long Count)> Shapes => _shapes.Select(s => (s.Key, s.Value));

    public IEnumerable<(int Depth, long Count)> Depths => _depths.Select(d => (d.Key, d.Value));

    public IEnumerable<(string Clause, long Held, long Broken)> Clauses =>
        _pack
            .Tools.All.SelectMany(t => t.Guards)
            .Select(g => g.Clause)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(c => _pack.Policy.Clause(c)?.Line ?? 0)
            .ThenBy(c => c, StringComparer.Ordinal)
            .Select(c => (c, _held.GetValueOrDefault(c), _broken.GetValueOrDefault(c)));

    public IEnumerable<(string Tool, long Count)> Tools => _pack.Tools.All.Select(t => (t.Name, _tools.GetValueOrDefault(t.Name)));

    public IEnumerable<(string Intent, long Count)> Intents => _pack.Intents.Select(i => (i.Id, _intents.GetValueOrDefault(i.Id)));

    /// <summary>Blueprints that share their family with another.</summary>
    public long Twins => _families.Values.Where(n => n > 1).Sum(n => (long)n);

    public double DistinctInstructions => Made == 0 ? 0 : (double)_instructions.Count / Made;

    /// <summary>The share of blueprints whose shape has one of the words.</summary>
    public double ShareOf(params string[] words) =>
        Made == 0
            ? 0
            : (double)_shapes.Where(s => s.Key.Split('+').Any(w => words.Contains(w, StringComparer.Ordinal))).Sum(s => s.Value) / Made;

    public static PackCoverage Measure(Pack pack, long count, long seed, double combined, CancellationToken cancellationToken)
    {
        var coverage = new PackCoverage(pack)
        {
            Count = count,
            Seed = seed,
            Combined = combined,
        };
        var sampler = new BlueprintSampler(pack);
        coverage.Unreachable = sampler.Unreachable;
        coverage.Cells = sampler.Cells.Count + sampler.Unreachable.Count;
        for (long i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                coverage.Take(sampler.Sample(new Seed((ulong)seed), i, combined));
            }
            catch (BlueprintException e)
            {
                coverage.Failed++;
                coverage.Fault(e.Message);
            }
        }

        return coverage;
    }

    private void Take(Blueprint blueprint)
    {
        Made++;
        foreach (var clause in blueprint.ClausesHeld.Distinct(StringComparer.Ordinal))
            Up(_held, clause);
        foreach (var clause in blueprint.ClausesBroken.Distinct(StringComparer.Ordinal))
            Up(_broken, clause);
        foreach (var tool in blueprint.Actions.Select(a => a.Tool).Distinct(StringComparer.Ordinal))
            Up(_tools, tool);
        Up(_intents, blueprint.Intent);
        _shapes[blueprint.Shape] = _shapes.GetValueOrDefault(blueprint.Shape) + 1;
        _depths[blueprint.Depth] = _depths.GetValueOrDefault(blueprint.Depth) + 1;
        _families[blueprint.FamilyId] = _families.GetValueOrDefault(blueprint.FamilyId) + 1;
        _instructions.Add(blueprint.Instruction);
        if (!blueprint.Patch.IsEmpty)
            Patched++;
        Try(blueprint);
    }

    private void Try(Blueprint blueprint)
    {
        Mutants += _mustFail.Count(blueprint);
        if (_mustFail.Survivor(blueprint, []) is { } survivor)
        {
            MutantsPass++;
            Fault($"{blueprint.Id}: {survivor} would pass");
        }

        if (_trivial.SilencePasses(blueprint))
        {
            SilencePasses++;
            Fault($"{blueprint.Id}: an agent that says and does nothing would pass");
        }

        if (!_trivial.RefusingPasses(blueprint))
            return;
        if (TrivialAgents.RefusalIsGold(blueprint))
        {
            RefusingIsRight++;
            return;
        }

        RefusingPasses++;
        Fault($"{blueprint.Id}: an agent that refuses everything would pass");
    }

    private void Fault(string fault)
    {
        if (_faults.Count < Listed)
            _faults.Add(fault);
    }

    private static void Up(Dictionary<string, long> tallies, string name) => tallies[name] = tallies.GetValueOrDefault(name) + 1;
}
