using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Slicing;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>
/// The proposals of the scripted proposer, made of sampled tasks. The run makes the same blueprint of a right one, so the scripts of human
/// and agent are those of its task.
/// </summary>
internal sealed class ScriptedProposals(RunSpec spec, IReadOnlyDictionary<string, BlueprintSampler> samplers, IBlueprintSource sampled)
    : IBlueprintSource
{
    /// <summary>How many sampled tasks are tried until one has the form of a proposal.</summary>
    private const int Tries = 60;

    /// <summary>The same for a task that is to be refused; without one, the fault is not planted.</summary>
    private const int RefusedTries = 20;

    private readonly Dictionary<string, ProposalDesk> _desks = samplers.ToDictionary(
        s => s.Key,
        s => new ProposalDesk(spec, s.Value.Pack, s.Value, [], excluded: null),
        StringComparer.Ordinal
    );

    public async ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        Of(index)?.Blueprint ?? await sampled.Make(index, cancellationToken);

    /// <summary>The right proposal of an index; null if the sampler makes its task.</summary>
    /// <exception cref="BlueprintException">No sampled task has the form of a proposal.</exception>
    public ScriptedProposal? Of(long index)
    {
        if (spec.Proposals is not { } proposals || !proposals.Proposes(spec.Seed, spec.TaskOf(index)))
            return null;
        var desk = _desks[spec.DomainOf(index)];
        var (sampler, persona) = (samplers[spec.DomainOf(index)], desk.ContextOf(index).Persona);
        var seed = new Seed((ulong)spec.Seed).For("scripted proposer").For(index);
        for (var i = 0; i < Tries; i++)
        {
            var task = sampler.Sample(seed, i, twins: false);
            if (BlueprintAsProposal.Of(desk.Pack, task) is { } right && desk.Make(right, index, persona).Blueprint is { } blueprint)
                return new(desk.Pack, seed, right, blueprint, () => Forbidden(sampler, seed, right), Stranger(sampler, blueprint));
        }

        throw new BlueprintException($"none of {Tries} sampled tasks has the form of a proposal");
    }

    // A task whose right answer is a refusal, proposed as if the call were right.
    private static Proposal? Forbidden(BlueprintSampler sampler, Seed seed, Proposal right)
    {
        var slices = new SlicedSampler(sampler, SliceShares.Parse($"{Slices.OutOfPolicy}=1"));
        for (var i = 0; i < RefusedTries; i++)
        {
            if (
                slices.Sliced(Slices.OutOfPolicy, seed, i) is { Patch.IsEmpty: true, Refusals: [var refusal] } task
                && !task.Actions.Any(a => a.Writes)
            )
                return right with
                {
                    Instruction = task.Instruction,
                    Actions = [new(refusal.Tool, refusal.Arguments.ToString())],
                    Outputs = [],
                };
        }

        return null;
    }

    private static string? Stranger(BlueprintSampler sampler, Blueprint blueprint)
    {
        var (pack, own) = (sampler.Pack, blueprint.Scenario.Facts.Select(f => f.Said).ToHashSet(StringComparer.Ordinal));
        return pack
            .Rows.All(pack.BaseView, pack.Domain.Entity(pack.Domain.Who))
            .Select(r => EntityRows.Text(r.Key))
            .FirstOrDefault(k =>
                !own.Contains(k) && !blueprint.Actions.Any(a => a.Arguments.ToString().Contains(k, StringComparison.Ordinal))
            );
    }
}
