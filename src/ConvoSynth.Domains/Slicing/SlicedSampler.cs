using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// Samples tasks by shares of slices. Which slice an index gets is a function of seed and index. A slice that a pack or its database does
/// not allow for that index leaves a <c>base</c> task, which is counted as such.
/// </summary>
/// <param name="shares">Null: the sampler's own tasks.</param>
public sealed class SlicedSampler(BlueprintSampler sampler, SliceShares? shares)
{
    /// <summary>How many tasks are tried until one has no refusal.</summary>
    private const int Tries = 24;

    private readonly MustFail _mustFail = new(sampler.Pack);

    /// <param name="combined">The share of tasks that join several intents, 0 to 1; each <c>composite</c> task does.</param>
    /// <param name="twins">Whether the task may be the twin of the one before; false where that one is about another database.</param>
    /// <exception cref="BlueprintException">No blueprint could be made in a bounded number of tries.</exception>
    public Blueprint Sample(Seed run, long index, double combined = 0, bool twins = true)
    {
        if (shares is null)
            return sampler.Sample(run, index, combined, twins);
        var slice = SliceOf(run, index);
        if (slice == Slices.Base)
            return OwnTask(run, index, combined, twins && SliceOf(run, index - 1) == Slices.Base);
        return Sliced(slice, run, index, combined) ?? OwnTask(run, index, combined, twins: false);
    }

    /// <summary>The slice that an index draws; its task may still be of another slice.</summary>
    public string Drawn(Seed run, long index) => SliceOf(run, index);

    /// <summary>Why the pack has no task of a slice at all; null if it may have some.</summary>
    public string? WhyNone(string slice) => SliceMaking.WhyNone(slice, sampler.Pack);

    /// <summary>The task of an index in a slice; null if none of the tried tasks allows it.</summary>
    public Blueprint? Sliced(string slice, Seed run, long index, double combined = 0)
    {
        var making = SliceMaking.For(slice, sampler.Pack);
        if (making is null)
            return null;
        var seed = run.For(sampler.Pack.Name).For(index).For(slice);
        var tried = 0;
        foreach (var task in sampler.Candidates(run, index, making.Combined ?? combined, making.Fits, making.Tries))
        {
            if (making.Of(task, seed.For(tried++).Random()) is { } made && IsSound(made))
                return made with { Slice = slice };
        }

        return null;
    }

    private bool IsSound(Blueprint made) => InstructionCheck.Problem(sampler.Pack, made) is null && _mustFail.Survivor(made, []) is null;

    // The slices of refusals have shares of their own.
    private Blueprint OwnTask(Seed run, long index, double combined, bool twins)
    {
        var task = sampler.Sample(run, index, combined, twins);
        return task.Slice == Slices.Base
            ? task
            : sampler.Candidates(run, index, combined, SliceMaking.RefusesNothing, Tries).FirstOrDefault(t => t.Slice == Slices.Base)
                ?? task;
    }

    private string SliceOf(Seed run, long index) => shares!.Draw(run.For(sampler.Pack.Name).For("slice").For(index));
}
