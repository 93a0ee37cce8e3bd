using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;

namespace ConvoSynth.Runs.Setups;

/// <summary>The source of a run's tasks where a model proposes them.</summary>
internal static class ProposalSetup
{
    public static Dictionary<string, ProposalDesk> DesksOf(
        RunSpec spec,
        IReadOnlyDictionary<string, Pack> packs,
        IReadOnlyDictionary<string, BlueprintSampler> samplers,
        ILookup<string, ProposalExample> examples,
        KnownTasks? excluded
    ) =>
        packs.ToDictionary(
            p => p.Key,
            p => new ProposalDesk(spec, p.Value, samplers[p.Key], [.. examples[p.Key]], excluded),
            StringComparer.Ordinal
        );

    public static ProposedBlueprints Source(RunSpec spec, RunTasks tasks, PromptSet prompts, EndpointModels models, Func<RunSetup> setup) =>
        new(
            spec,
            tasks.Blueprints,
            tasks.Desks,
            new(
                models.Structured(spec.Proposals!.Endpoint),
                spec.Proposals.Summarizer is { } summarizer ? models.Structured(summarizer) : null
            ),
            prompts,
            new ProposalReview(setup)
        );
}
