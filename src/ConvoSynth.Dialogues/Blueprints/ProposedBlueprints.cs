using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>The models of proposals.</summary>
/// <param name="Summarizer">Null: the proposer gets the reasons as a list.</param>
public sealed record ProposingModels(IStructuredModel Proposer, IStructuredModel? Summarizer);

/// <summary>
/// Tasks that a language model proposes. Each proposal passes format, execution, policy and the committee. A refused one is asked for
/// again with the reasons, a bounded number of times. Then the index has no blueprint and says why.
/// </summary>
/// <param name="sampled">Makes the tasks that are not proposed.</param>
public sealed class ProposedBlueprints(
    RunSpec spec,
    IBlueprintSource sampled,
    IReadOnlyDictionary<string, ProposalDesk> desks,
    ProposingModels models,
    PromptSet prompts,
    IProposalReview review
) : IBlueprintSource
{
    public const string Role = "proposer";
    public const string SummarizerRole = "summarizer";

    /// <summary>How a name in <see cref="BlueprintException.Reasons"/> begins; the round, from 1, and the fault follow.</summary>
    public const string ReasonPrefix = "proposal.";

    private readonly ProposalSpec _proposals = spec.Proposals!;
    private readonly ProposalSummary _summary = new(models.Summarizer, prompts);

    public async ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        (await Make(index, journal: null, cancellationToken)).Blueprint;

    /// <exception cref="BlueprintException">No proposal passed all stages.</exception>
    /// <exception cref="TransientModelException">An endpoint could not answer this time.</exception>
    public async ValueTask<MadeBlueprint> Make(long index, IJournal? journal, CancellationToken cancellationToken)
    {
        if (!_proposals.Proposes(spec.Seed, spec.TaskOf(index)))
            return await sampled.Make(index, journal, cancellationToken);
        var desk = desks[spec.DomainOf(index)];
        var context = desk.ContextOf(index);
        var calls = ImmutableArray.CreateBuilder<ModelCall>();
        var refused = ImmutableArray.CreateBuilder<RefusedProposal>();
        for (string? feedback = null; ; )
        {
            // All attempts at an index play one task.
            var key = new CallKey(new(spec.RunId, index, 0), Role, refused.Count);
            var response = await Ask(desk.Pack, context, feedback, key, journal, cancellationToken);
            calls.AddRange(response.Calls);
            var made = response.Value is { } answer
                ? desk.Make(Proposal.Of(answer), index, context.Persona)
                : new(null, [new(ProposalFaults.Shape, response.Problem ?? "there is no answer")]);
            var faults = made.Faults;
            if (made.Blueprint is { } blueprint)
            {
                faults = await review.Rehearse(blueprint, cancellationToken);
                if (faults.IsEmpty)
                {
                    var opinion = await review.Judge(blueprint, journal, cancellationToken);
                    calls.AddRange(opinion.Calls);
                    faults = opinion.Faults;
                }

                if (faults.IsEmpty)
                    return new(blueprint with { Proposal = Record(context, refused.ToImmutable()) }, calls.ToImmutable());
            }

            refused.Add(new(faults));
            if (refused.Count > _proposals.Rounds)
                throw GivenUp(index, refused.ToImmutable(), calls.ToImmutable());
            var (advice, further) = await _summary.Of(
                response.Value is { } proposal ? Proposal.Of(proposal).ToJson().ToString() : "",
                faults,
                key with
                {
                    Role = SummarizerRole,
                },
                journal,
                cancellationToken
            );
            calls.AddRange(further);
            feedback = advice;
        }
    }

    private ValueTask<StructuredResponse> Ask(
        Pack pack,
        ProposalContext context,
        string? feedback,
        CallKey key,
        IJournal? journal,
        CancellationToken cancellationToken
    )
    {
        var rendered = ProposalPrompt.Of(prompts, pack, context, feedback);
        return models.Proposer.Ask(
            new()
            {
                Key = key,
                System = rendered.System,
                User = rendered.User,
                SchemaName = "task",
                Schema = ProposalPrompt.Schema,
                // An unreadable answer is a refused proposal, and counts as a round.
                Repairs = 0,
                Journal = journal,
            },
            cancellationToken
        );
    }

    private ProposalRecord Record(ProposalContext context, ImmutableArray<RefusedProposal> refused) =>
        new()
        {
            Model = models.Proposer.Name,
            Refused = refused,
            Examples = [.. context.Examples.Select(e => e.Name)],
        };

    private BlueprintException GivenUp(long index, ImmutableArray<RefusedProposal> refused, ImmutableArray<ModelCall> calls) =>
        new(
            $"no task that {models.Proposer.Name} proposed for index {index} would do; of the last of {refused.Length}: "
                + string.Join("; ", refused[^1].Faults.Select(f => $"[{f.Check}] {f.Message}"))
        )
        {
            Calls = calls,
            Reasons =
            [
                .. refused.SelectMany((r, i) => r.Faults.Select(f => $"{ReasonPrefix}{i + 1}.{f.Check}")).Distinct(StringComparer.Ordinal),
            ],
        };
}
