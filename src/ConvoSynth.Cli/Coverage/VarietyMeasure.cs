using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Cli.Coverage;

/// <summary>One column of the variety of a pack.</summary>
internal sealed record VarietyColumn(string Title, VarietyFigures Figures);

/// <summary>What variety is measured of.</summary>
/// <param name="Combined">The share of combined tasks.</param>
/// <param name="Worlds">How many databases the tasks are about; 0 or 1: the pack's own.</param>
internal sealed record SampledTasks(long Count, long Seed, double Combined, int Worlds)
{
    public int WorldOf(long index) => Worlds > 1 ? (int)(index * Worlds / Count) : 0;
}

/// <summary>The variety of a pack's sampled tasks, beside that of tasks from elsewhere.</summary>
/// <param name="Scarce">Tools that stand in fewer than one of a hundred sampled tasks, with their shares.</param>
/// <param name="Dropped">Reads that the sampler dropped from plans.</param>
/// <param name="PerSecond">Tasks a second of processor time, sampled and counted; worlds included.</param>
internal sealed record VarietyMeasure(
    ImmutableArray<VarietyColumn> Columns,
    ImmutableArray<(string Tool, double Share)> Scarce,
    long Failed,
    long Dropped,
    double PerSecond
)
{
    private const int Draws = 30;
    private const double ScarceShare = 0.01;

    // Counts of distinct tasks depend on how many are drawn, so they are given at sizes that runs have.
    private static readonly long[] Sizes = [10_000, 100_000, 1_000_000];

    /// <param name="draw">The size of small draws whose mean is given; null: the size of <paramref name="beside"/>, or none.</param>
    /// <param name="beside">Tasks from elsewhere, whose gold calls are executed on the pack; empty for none.</param>
    public static VarietyMeasure Of(
        Pack pack,
        SampledTasks sampled,
        int? draw,
        IReadOnlyList<CheckedTask> beside,
        CancellationToken cancellationToken
    )
    {
        var size = draw ?? beside.Count;
        var (all, small, failed) = (new PlanVariety(pack), new PlanVariety(pack), 0L);
        var draws = new List<VarietyFigures>();
        var columns = ImmutableArray.CreateBuilder<VarietyColumn>();
        var (made, index) = (0L, 0L);
        var source = new VarietySource(pack, sampled);
        var before = Environment.CpuUsage.TotalTime;
        foreach (var task in Sampled(source, sampled.Count, cancellationToken))
        {
            if (index > 0 && sampled.WorldOf(index) != sampled.WorldOf(index - 1))
                all.BeginWorld();
            index++;
            if (task is null)
            {
                failed++;
                continue;
            }

            all.Take(task);
            made++;
            if (size > 0 && draws.Count < Draws)
            {
                small.Take(task);
                if (made % size == 0)
                {
                    draws.Add(small.Figures());
                    small = new(pack);
                }
            }

            if (made < sampled.Count && Sizes.Contains(made))
                columns.Add(new("", all.Figures()));
        }

        var rate = made / Math.Max(0.001, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        columns.Add(new("", all.Figures()));
        if (draws.Count > 0)
            columns.Insert(0, new($"mean of {draws.Count} draws", PlanVariety.MeanOf([.. draws])));
        if (beside.Count > 0)
            columns.Add(new("beside", Beside(pack, beside)));
        return new(columns.ToImmutable(), [.. all.Tools.Where(t => t.Share < ScarceShare)], failed, source.Dropped, rate);
    }

    // Sampling is a function of the index, so processors share it.
    private static ParallelQuery<Blueprint?> Sampled(VarietySource source, long count, CancellationToken cancellationToken) =>
        Indexes(count).AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(source.At);

    private static IEnumerable<long> Indexes(long count)
    {
        for (var i = 0L; i < count; i++)
            yield return i;
    }

    private static VarietyFigures Beside(Pack pack, IReadOnlyList<CheckedTask> tasks)
    {
        var (variety, benchmark) = (new PlanVariety(pack), pack.AsBenchmark());
        foreach (var task in tasks)
            variety.Take(ForeignTask.AsBlueprint(benchmark, task, ""));
        return variety.Figures();
    }
}
