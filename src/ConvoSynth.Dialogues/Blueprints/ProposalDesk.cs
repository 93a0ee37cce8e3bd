using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Where proposals of one domain begin and are checked, without any model.</summary>
public sealed class ProposalDesk
{
    private const int ExampleTries = 8;
    private const int SampledExamples = 100_000;

    private readonly RunSpec _spec;
    private readonly Seed _seed;
    private readonly ProposalContexts _contexts;
    private readonly ProposalMaking _making;
    private readonly KnownTasks? _excluded;

    /// <param name="examples">Accepted tasks of another run; empty: sampled ones.</param>
    /// <param name="excluded">Tasks that no proposal may repeat; null for none.</param>
    public ProposalDesk(RunSpec spec, Pack pack, BlueprintSampler sampler, IReadOnlyList<ProposalExample> examples, KnownTasks? excluded)
    {
        (_spec, Pack, _excluded) = (spec, pack, excluded);
        _seed = new Seed((ulong)spec.Seed).For("proposals").For(pack.Name);
        _making = new(pack);
        _contexts = new(pack, seed => examples.Count > 0 ? seed.Random().Pick(examples) : Sampled(pack, sampler, seed));
    }

    public Pack Pack { get; }

    public ProposalContext ContextOf(long index) => _contexts.Sample(_seed.For(index));

    /// <summary>The blueprint of a proposal for an index, or what is wrong with it.</summary>
    public CheckedProposal Make(Proposal proposal, long index, Persona persona)
    {
        var made = _making.Make(proposal, $"{Pack.Name}/{_spec.Seed}/proposed/{index}", index, _seed.For(index), persona);
        return made.Blueprint is { } blueprint && _excluded?.Find(blueprint) is { } overlap
            ? new(null, [new(ProposalFaults.Known, $"the task repeats {overlap.KnownId} in {overlap.Why}; another one is wanted")])
            : made;
    }

    // A sampled task is executed and worded, so it shows what is wanted before any proposal was accepted.
    private static ProposalExample? Sampled(Pack pack, BlueprintSampler sampler, Seed seed)
    {
        var random = seed.Random();
        for (var i = 0; i < ExampleTries; i++)
        {
            if (Task(sampler, seed, random.Next(SampledExamples)) is { } task && BlueprintAsProposal.Of(pack, task) is { } proposal)
                return new(task.Id, proposal);
        }

        return null;
    }

    private static Blueprint? Task(BlueprintSampler sampler, Seed seed, long index)
    {
        try
        {
            return sampler.Sample(seed, index, twins: false);
        }
        catch (BlueprintException)
        {
            return null; // Another example will do.
        }
    }
}
