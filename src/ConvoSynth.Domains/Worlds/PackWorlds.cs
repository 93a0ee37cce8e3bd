using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Worlds;

/// <summary>
/// The worlds of one pack in one run. A world is made when a task or a row asks for it, and checked before its first task. The last
/// few are kept in memory, and any that a dialogue still uses; others are made again from their seeds. Threads share it.
/// </summary>
public sealed class PackWorlds
{
    /// <summary>How many worlds are kept that no dialogue uses.</summary>
    public const int Kept = 4;

    /// <summary>How many seeds are tried for one world, until one passes the check.</summary>
    private const int Seeds = 8;

    private readonly Pack _pack;
    private readonly Seed _run;
    private readonly IReadOnlyDictionary<string, string> _known;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Lazy<(Seed Seed, WorldReport Report)>> _numbered = [];
    private readonly LinkedList<(Seed Seed, Lazy<Pack> Pack)> _recent = [];
    private readonly Dictionary<Seed, WeakReference<Pack>> _inUse = [];
    private readonly ConditionalWeakTable<Pack, BlueprintSampler> _samplers = [];
    private readonly BlueprintSampler _own;

    /// <param name="pack">The pack that makes the worlds.</param>
    /// <param name="run">The run's seed, from which those of its worlds follow.</param>
    /// <param name="known">Seed → data hash, as rows that exist already have it.</param>
    public PackWorlds(Pack pack, Seed run, IReadOnlyDictionary<string, string>? known = null)
    {
        _pack = pack;
        _run = run.For("world").For(pack.Name);
        _own = new(pack);
        _known = known ?? new Dictionary<string, string>(StringComparer.Ordinal);
    }

    /// <summary>The run's world of a number.</summary>
    /// <exception cref="WorldException">No seed gave a world that passes its check, or a world differs from the rows' one.</exception>
    public Pack Numbered(int number) => Of(Found(number).Seed);

    /// <summary>What the check of the run's world of a number found.</summary>
    public WorldReport ReportOf(int number) => Found(number).Report;

    /// <summary>The world that a task or a row names.</summary>
    /// <exception cref="WorldException">The pack makes other data from this seed than the world had.</exception>
    public Pack Of(World world)
    {
        var made = Of(SeedOf(world.Seed));
        Require(world.Seed, world.Data, made);
        return made;
    }

    /// <inheritdoc cref="BlueprintSampler.DroppedReads"/>
    public long DroppedReads => _own.DroppedReads;

    /// <summary>The sampler of a world, which lives as long as the world.</summary>
    public BlueprintSampler SamplerOf(Pack world) => _samplers.GetValue(world, w => new(w, _own));

    /// <summary>The world of a seed, as 16 hexadecimal digits.</summary>
    public static Seed SeedOf(string text) =>
        ulong.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value)
            ? new(value)
            : throw new WorldException($"\"{text}\" is no seed of a world; it has 16 hexadecimal digits");

    private (Seed Seed, WorldReport Report) Found(int number)
    {
        Lazy<(Seed, WorldReport)>? found;
        lock (_lock)
        {
            if (!_numbered.TryGetValue(number, out found))
                _numbered[number] = found = new(() => Valid(number));
        }

        return found.Value;
    }

    private (Seed Seed, WorldReport Report) Valid(int number)
    {
        string? problem = null;
        for (var i = 0; i < Seeds; i++)
        {
            var seed = _run.For(number).For(i);
            try
            {
                var world = Of(seed);
                var report = WorldCheck.Of(world);
                if (report.Problem is null)
                    return (seed, report.Reaching(SamplerOf(world).Cells));
                problem = report.Problem;
            }
            catch (Exception e) when (e is PackException or BlueprintException)
            {
                problem = e.Message;
            }
        }

        throw new WorldException(
            $"no world {number} of {_pack.Name}: none of {Seeds} seeds gives one that passes; of the last: {problem}. Narrow the "
                + "ranges in worlds.yaml, or ask for less in \"ensure\" of data.yaml"
        );
    }

    private Pack Of(Seed seed)
    {
        Lazy<Pack>? world = null;
        lock (_lock)
        {
            for (var node = _recent.First; node is not null && world is null; node = node.Next)
            {
                if (node.Value.Seed != seed)
                    continue;
                world = node.Value.Pack;
                _recent.Remove(node);
            }

            if (world is null && _inUse.Remove(seed, out var weak) && weak.TryGetTarget(out var used))
                world = new(used);
            world ??= new(() => Made(seed));
            _recent.AddFirst((seed, world));
            if (_recent.Count > Kept)
                Drop();
        }

        return world.Value;
    }

    private void Drop()
    {
        var (seed, world) = _recent.Last!.Value;
        _recent.RemoveLast();
        foreach (var (gone, _) in _inUse.Where(w => !w.Value.TryGetTarget(out _)).ToArray())
            _inUse.Remove(gone);
        if (world.IsValueCreated)
            _inUse[seed] = new(world.Value);
    }

    private Pack Made(Seed seed)
    {
        var made = WorldLoading.Make(_pack, seed);
        if (_known.TryGetValue(made.World!.Seed, out var data))
            Require(made.World.Seed, data, made);
        return made;
    }

    private void Require(string seed, string data, Pack made)
    {
        if (made.World!.Data != data)
            throw new WorldException(
                $"the world {seed} of {_pack.Name} has the data hash {data} in the rows, and the pack {_pack.Hash} makes "
                    + $"{made.World.Data} from that seed: use the pack and the version that the run was made with"
            );
    }
}

/// <summary>A world cannot be had; the sentence says why.</summary>
public sealed class WorldException(string message) : Exception(message);
