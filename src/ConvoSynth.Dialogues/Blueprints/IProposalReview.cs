using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>What a review found in a proposed task.</summary>
/// <param name="Calls">The model calls behind it that no later step counts.</param>
public sealed record ProposalOpinion(ImmutableArray<ProposalFault> Faults, ImmutableArray<ModelCall> Calls);

/// <summary>The stages that need more than the task's own domain: a rehearsal of the plan, and the committee.</summary>
public interface IProposalReview
{
    /// <summary>Plays the task by its plan, and names the checks that fail.</summary>
    ValueTask<ImmutableArray<ProposalFault>> Rehearse(Blueprint blueprint, CancellationToken cancellationToken);

    /// <summary>The committee's opinion; no fault without a committee for tasks.</summary>
    ValueTask<ProposalOpinion> Judge(Blueprint blueprint, IJournal? journal, CancellationToken cancellationToken);
}
