using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>
/// Joins two sampled tasks of one person for a share of the indexes. Neighbouring indexes draw from one pool of tasks, since two tasks in
/// a row are seldom of one person. Which pair an index gets is a function of seed and index.
/// </summary>
/// <param name="sampled">Makes the other tasks, and that of an index whose pairs all hinder each other.</param>
public sealed class RecombinedBlueprints(
    RunSpec spec,
    IReadOnlyDictionary<string, BlueprintSampler> samplers,
    IBlueprintSource sampled,
    KnownTasks? excluded = null
) : IBlueprintSource
{
    private const int Pool = 160;
    private const int IndexesOfPool = 40;
    private const int PairTries = 12;
    private const int PoolsKept = 8;

    private readonly ConcurrentDictionary<(string Domain, long Pool), Lazy<(Blueprint First, Blueprint Second)[]>> _pairs = new();

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken)
    {
        var (domain, task) = (spec.DomainOf(index), spec.TaskInDomain(index));
        var seed = new Seed((ulong)spec.Seed).For("recombined").For(domain);
        return seed.For(task).Random().Chance(spec.Recombine) && Joined(domain, task, seed) is { } joined
            ? new(joined with { Index = index })
            : sampled.Make(index, cancellationToken);
    }

    private Blueprint? Joined(string domain, long task, Seed seed)
    {
        var (pool, place) = (task / IndexesOfPool, (int)(task % IndexesOfPool));
        // What is dropped is made again when it is asked for.
        if (_pairs.Count > PoolsKept)
            _pairs.Clear();
        var pairs = _pairs.GetOrAdd((domain, pool), key => new(() => Pairs(samplers[key.Domain], seed.For("pool").For(key.Pool)))).Value;
        var recombination = new Recombination(samplers[domain].Pack);
        for (var i = 0; i < PairTries && pairs.Length > 0; i++)
        {
            var (first, second) = pairs[(place + (i * IndexesOfPool)) % pairs.Length];
            var id = $"{domain}/{spec.Seed}/recombined/{task}";
            if (
                recombination.Join(first, second, id, task, seed.For(task).For(i)).Blueprint is { } joined
                && excluded?.Find(joined) is null
            )
                return joined;
        }

        return null;
    }

    private static (Blueprint First, Blueprint Second)[] Pairs(BlueprintSampler sampler, Seed seed)
    {
        var recombination = new Recombination(sampler.Pack);
        var people = Tasks(sampler, seed)
            .Select(t => (Person: recombination.PersonOf(t), Task: t))
            .Where(t => t.Person is not null)
            .GroupBy(t => t.Person, t => t.Task, StringComparer.Ordinal);
        return seed.For("pairs")
            .Random()
            .Shuffled(people.SelectMany(p => p.SelectMany(a => p.Where(b => b.Intent != a.Intent).Select(b => (a, b)))));
    }

    private static IEnumerable<Blueprint> Tasks(BlueprintSampler sampler, Seed seed)
    {
        for (var i = 0; i < Pool; i++)
        {
            Blueprint task;
            try
            {
                task = sampler.Sample(seed, i, twins: false);
            }
            catch (BlueprintException)
            {
                continue; // The pool has enough others.
            }

            yield return task;
        }
    }
}
