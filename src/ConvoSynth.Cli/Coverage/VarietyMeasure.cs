using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Cli.Coverage;

/// <summary>One column of the variety of a pack.</summary>
internal sealed record VarietyColumn(string Title, VarietyFigures Figures);

/// <summary>The variety of a pack's sampled tasks, beside that of tasks from elsewhere.</summary>
/// <param name="Scarce">Tools that stand in fewer than one of a hundred sampled tasks, with their shares.</param>
internal sealed record VarietyMeasure(
    ImmutableArray<VarietyColumn> Columns,
    ImmutableArray<(string Tool, double Share)> Scarce,
    long Failed,
    long Dropped
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
        (long Count, long Seed, double Combined) sampled,
        int? draw,
        IReadOnlyList<CheckedTask> beside,
        CancellationToken cancellationToken
    )
    {
        var size = draw ?? beside.Count;
        var (all, small, failed) = (new PlanVariety(pack), new PlanVariety(pack), 0L);
        var draws = new List<VarietyFigures>();
        var columns = ImmutableArray.CreateBuilder<VarietyColumn>();
        var made = 0L;
        var sampler = new BlueprintSampler(pack);
        foreach (var task in Sampled(sampler, sampled, cancellationToken))
        {
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

        columns.Add(new("", all.Figures()));
        if (draws.Count > 0)
            columns.Insert(0, new($"mean of {draws.Count} draws", PlanVariety.MeanOf([.. draws])));
        if (beside.Count > 0)
            columns.Add(new("beside", Beside(pack, beside)));
        return new(columns.ToImmutable(), [.. all.Tools.Where(t => t.Share < ScarceShare)], failed, sampler.DroppedReads);
    }

    // Sampling is a function of the index, so processors share it.
    private static ParallelQuery<Blueprint?> Sampled(
        BlueprintSampler sampler,
        (long Count, long Seed, double Combined) sampled,
        CancellationToken cancellationToken
    )
    {
        return Indexes(sampled.Count)
            .AsParallel()
            .AsOrdered()
            .WithCancellation(cancellationToken)
            .Select(i =>
            {
                try
                {
                    return sampler.Sample(new Seed((ulong)sampled.Seed), i, sampled.Combined);
                }
                catch (BlueprintException)
                {
                    // Counted: the plain coverage names these.
                    return null;
                }
            });
    }

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
