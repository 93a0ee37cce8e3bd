using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Samples blueprints from a pack's intents. A blueprint is a function of pack, seed and index.</summary>
public sealed class BlueprintSampler
{
    private const int CellTries = 10;
    private const int BindingTries = 4;
    private const int ProbeTries = 5;

    /// <summary>After so many times as many places as there are cells, each cell has come up.</summary>
    private const int Rounds = 8;

    /// <summary>One in this many blueprints is the twin of its predecessor.</summary>
    private const int TwinEvery = 6;

    /// <summary>The minimum depth. A task that needs no read and no decision teaches nothing.</summary>
    private const int DepthFloor = 2;

    private readonly Pack _pack;
    private readonly Binder _binder;
    private readonly MustFail _mustFail;
    private readonly HashSet<string> _offered;
    private readonly CellSchedule _schedule;
    private readonly RecentBindings _originals = new();
    private readonly Combinations _combinations;

    private readonly StrongBox<long> _dropped;

    // For each cell of the intents null, or why it cannot be produced.
    private readonly string?[] _reasons;

    public BlueprintSampler(Pack pack)
        : this(pack, ProbeRecords.Shared) { }

    /// <summary>
    /// The sampler of a world. It probes the cells that the pack's own database allows: what is impossible there, such as a guard that
    /// no argument of an intent can break, costs most of a probe.
    /// </summary>
    internal BlueprintSampler(Pack world, BlueprintSampler own)
        : this(world, records: null, own) { }

    internal BlueprintSampler(Pack pack, ProbeRecords? records, BlueprintSampler? own = null)
    {
        _pack = pack;
        _dropped = own?._dropped ?? new();
        _binder = new(pack, new(pack));
        _mustFail = new(pack);
        _combinations = new(pack);
        _offered = [.. pack.Tools.All.Select(t => t.Name)];
        var seed = new Seed(0).For(pack.TasksHash);
        var cells = Cell.Of(pack.Intents);
        var reasons = records?.Read(pack, cells.Count);
        if (reasons is null)
        {
            reasons = Probe(cells, seed.For("probe"), own?._reasons);
            records?.Keep(pack, reasons);
        }

        _reasons = reasons;
        Unreachable = [.. cells.Zip(reasons).Where(p => p.Second is not null).Select(p => (p.First, p.Second!))];
        _schedule = new([.. cells.Where((_, i) => reasons[i] is null)], seed.For("schedule"));
    }

    /// <summary>Cells that this database, with at most a one-field patch, cannot produce.</summary>
    public IReadOnlyList<(Cell Cell, string Reason)> Unreachable { get; }

    public IReadOnlyList<Cell> Cells => _schedule.Cells;

    /// <summary>
    /// How many reads were dropped so far from the plans of sampled tasks, since nothing in them needs these. Samplers of worlds count with
    /// that of the pack's own database.
    /// </summary>
    public long DroppedReads => Interlocked.Read(ref _dropped.Value);

    /// <param name="combined">The share of tasks that join several intents, 0 to 1.</param>
    /// <param name="twins">Whether the task may be the twin of the one before; false where that one is about another database.</param>
    /// <exception cref="BlueprintException">No blueprint could be made in a bounded number of tries; the message gives the
    /// reason.</exception>
    public Blueprint Sample(Seed run, long index, double combined = 0, bool twins = true)
    {
        if (twins && index % TwinEvery == TwinEvery - 1 && Twin(run, index, combined) is { } twin)
            return twin;
        var (blueprint, binding) = Own(run, index, combined);
        if (index % TwinEvery == TwinEvery - 2)
            _originals.Keep((blueprint.Id, combined), binding);
        return blueprint;
    }

    public Pack Pack => _pack;

    /// <summary>
    /// Tasks of an index from cells that fit, at most <paramref name="cells"/>; each is a function of pack, seed and index. A twin is never
    /// among them.
    /// </summary>
    /// <param name="combined">The share of tasks that join several intents, 0 to 1.</param>
    internal IEnumerable<Blueprint> Candidates(Seed run, long index, double combined, Func<Cell, bool> fits, int cells)
    {
        var seed = run.For(_pack.Name).For(index).For("candidates");
        var id = IdOf(run, index);
        for (long i = 0; i < _schedule.Cells.Count * Rounds && cells > 0; i++)
        {
            // The index counts up by one from task to task, and so does the place in the round: a step of seven spreads the tries.
            var (cell, visit) = _schedule[index + (i * 7)];
            if (!fits(cell))
                continue;
            cells--;
            cell = _combinations.Extend(cell, combined, seed.For("combined").For(i));
            if (TryCell(cell, new(visit, run.For(_pack.Name).For(cell.Name)), id, index, seed.For(i), id, out _) is { } made)
                yield return made.Blueprint;
        }
    }

    // The index's own task, never a twin.
    private (Blueprint Blueprint, Binding Binding) Own(Seed run, long index, double combined)
    {
        var seed = run.For(_pack.Name).For(index);
        var id = IdOf(run, index);
        string? failure = null;
        for (var i = 0; i < CellTries; i++)
        {
            var (cell, visit) = _schedule[index + (i * 7L)];
            // A combination that fits no person's rows is drawn again with the next cell; the last cells stand alone.
            if (i < CellTries / 2)
                cell = _combinations.Extend(cell, combined, seed.For("combined").For(i));
            if (TryCell(cell, new(visit, run.For(_pack.Name).For(cell.Name)), id, index, seed.For(i), id, out failure) is { } made)
                return made;
        }

        throw new BlueprintException(
            $"no blueprint for index {index} of {_pack.Name} after {CellTries} cells; the last failed because {failure}"
        );
    }

    private string IdOf(Seed run, long index) => $"{_pack.Name}/{run}/{index}";

    // Each probe has its own seed, so probes can run in parallel.
    private string?[] Probe(IReadOnlyList<Cell> cells, Seed seed, string?[]? impossible) =>
        [
            .. cells
                .Select((c, i) => (Cell: c, Seed: seed.For(i), Reason: impossible?[i]))
                .AsParallel()
                .AsOrdered()
                .Select(p => p.Reason ?? Probe(p.Cell, p.Seed)),
        ];

    // Null if the cell can be produced, else why the last try failed.
    private string? Probe(Cell cell, Seed seed)
    {
        string? reason = null;
        for (var i = 0; i < ProbeTries; i++)
        {
            if (TryCell(cell, new(i, seed), "probe", 0, seed.For(i), "probe", out reason) is not null)
                return null;
        }

        return reason ?? "no rows fit";
    }

    private (Blueprint Blueprint, Binding Binding)? TryCell(
        Cell cell,
        Turn turn,
        string id,
        long index,
        Seed seed,
        string family,
        out string? failure
    )
    {
        failure = "no rows fit";
        for (var i = 0; i < BindingTries; i++)
        {
            var random = seed.For(i).Random();
            if (_binder.Bind(cell, turn, i, random) is not { } binding)
                continue;
            if (Compose(binding, random, id, index, seed, family, out failure) is { } blueprint)
                return (blueprint, binding);
        }

        return null;
    }

    private Blueprint? Twin(Seed run, long index, double combined)
    {
        var original = IdOf(run, index - 1);
        Binding binding;
        try
        {
            // If this process has just sampled it, the binding is still cached; otherwise it is sampled again, with the same result.
            binding = _originals.Take((original, combined)) ?? Own(run, index - 1, combined).Binding;
        }
        catch (BlueprintException)
        {
            return null; // Without an original there is no twin; this index gets a task of its own.
        }

        var seed = run.For(_pack.Name).For(index);
        var random = seed.For("twin").Random();
        return _binder.Twin(binding, random) is { } twin ? Compose(twin, random, IdOf(run, index), index, seed, original, out _) : null;
    }

    private Blueprint? Compose(Binding binding, SeededRandom random, string id, long index, Seed seed, string family, out string? failure)
    {
        var composer = new BlueprintComposer(_pack, binding, random, _offered);
        var blueprint = composer.Compose(id, index, seed, family);
        failure = composer.Failure;
        if (blueprint is null)
            return null;
        if (blueprint.Depth < DepthFloor)
            failure = $"its depth {blueprint.Depth} is below {DepthFloor}";
        else if (Mismatch(binding.Cell, blueprint) is { } mismatch)
            failure = mismatch;
        else if (InstructionCheck.Problem(_pack, blueprint) is { } words)
            failure = words;
        else if (_mustFail.Survivor(blueprint, composer.WrongWrites) is { } survivor)
            failure = $"{survivor} would pass";
        else
        {
            if (composer.Dropped > 0)
                Interlocked.Add(ref _dropped.Value, composer.Dropped);
            return blueprint;
        }

        return null;
    }

    // Null if the blueprint matches its cell: the guard that the cell breaks must have broken.
    private static string? Mismatch(Cell cell, Blueprint blueprint) =>
        cell.Broken is { } guard && !blueprint.ClausesBroken.Contains(guard.Clause) ? $"the guard {guard.Name} did not break" : null;
}

public sealed class BlueprintException(string message) : Exception(message)
{
    /// <summary>Model calls that were made for it nevertheless.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>Names of what was wrong, for counts, such as <c>proposal.1.format.tool</c>; the message says it in words.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];
}
