using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>A blueprint and the model calls that it took.</summary>
public sealed record MadeBlueprint(Blueprint Blueprint, ImmutableArray<ModelCall> Calls);

/// <summary>Where the blueprints of a run come from: the sampler, a file of tasks, hand-written ones, a language model.</summary>
public interface IBlueprintSource
{
    /// <exception cref="BlueprintException">None can be made for this index.</exception>
    ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken);

    /// <summary>As above; a source that asks a model keeps the answers in the journal.</summary>
    async ValueTask<MadeBlueprint> Make(long index, IJournal? journal, CancellationToken cancellationToken) =>
        new(await Make(index, cancellationToken), []);
}
