using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Draws a task again, with another seed, as long as it repeats a task that must not be sampled.</summary>
/// <param name="excluded">Null for none.</param>
internal sealed class Redraws(KnownTasks? excluded)
{
    // An index whose draws all repeat excluded tasks fails, and says so, instead of a run that never ends.
    private const int Draws = 20;

    /// <exception cref="BlueprintException">All draws repeat an excluded task.</exception>
    public Blueprint Draw(Seed seed, Func<Seed, Blueprint> sample)
    {
        Overlap? overlap = null;
        for (var draw = 0; draw < Draws; draw++)
        {
            var task = sample(draw == 0 ? seed : seed.For("excluded").For(draw));
            overlap = excluded?.Find(task);
            if (overlap is null)
                return task;
        }

        throw new BlueprintException(
            $"all of {Draws} tasks that were drawn repeat tasks to exclude; the last repeats {overlap!.KnownId} in {overlap.Why}"
        );
    }
}
