using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// Makes a blueprint of a proposal, or says why not, stage by stage: format, execution, policy. A stage is reached only if the ones
/// before it found nothing. The model's part is what the human wants and says. Reads, end states, facts and the clauses that hold come
/// from executing it, as for a sampled task.
/// </summary>
public sealed class ProposalMaking(Pack pack)
{
    /// <summary>How often the plan's words are drawn, until they need no more than what the instruction says.</summary>
    private const int Draws = 32;

    private readonly MustFail _mustFail = new(pack);
    private readonly ProposedPerson _person = new(pack);
    private readonly HashSet<string> _offered = [.. pack.Tools.All.Select(t => t.Name)];

    /// <summary>A function of the pack, the proposal, the name and the seed.</summary>
    /// <param name="id">The blueprint's name.</param>
    public CheckedProposal Make(Proposal proposal, string id, long index, Seed seed, Persona? persona = null)
    {
        var faults = new List<ProposalFault>();
        var calls = ProposalFormat.Read(pack, proposal, faults);
        if (faults.Count > 0)
            return CheckedProposal.Refused(faults);
        var execution = ProposalExecution.Run(pack, calls, faults);
        if (faults.Count > 0)
            return CheckedProposal.Refused(faults);
        ReadCall[] writes = [.. calls.Where(c => c.Tool.Writes)];
        faults.AddRange(execution.AgainstPolicy);
        if (writes.Length == 0 && proposal.Outputs.IsEmpty)
            faults.Add(new(ProposalFaults.Nothing, "there is no write and no output: an agent that stays silent would be right"));
        else if (writes.Length > 0 && execution.Diff.IsEmpty && !faults.Exists(f => f.Check == ProposalFaults.NoEffect))
            faults.Add(new(ProposalFaults.NoEffect, "the writes together leave the data as they were"));
        ProposedAnswers.Check(pack, proposal, execution.Db, faults);
        if (faults.Count > 0)
            return CheckedProposal.Refused(faults);
        var person = _person.Of(proposal, calls, faults);
        if (person is null)
            return CheckedProposal.Refused(faults);
        if (_person.OtherIn(proposal.Instruction, person) is { } other)
            return CheckedProposal.Refused([new(ProposalFaults.Leak, $"the instruction says {other}, which is another person's")]);
        var binding = new ProposalBinding(pack, person, execution.Db).Of(proposal, writes);
        return Drawn(proposal, binding, id, index, seed, persona);
    }

    // Which fields describe a row is drawn. The draw that fits the instruction best counts, so that other words for the same row are no
    // fault of the proposer.
    private CheckedProposal Drawn(Proposal proposal, Binding binding, string id, long index, Seed seed, Persona? persona)
    {
        ImmutableArray<ProposalFault> best = [];
        for (var draw = 0; draw < Draws; draw++)
        {
            var own = seed.For(draw);
            var composer = new BlueprintComposer(pack, binding, own.Random(), _offered);
            var blueprint = composer.Compose(id, index, own, id);
            ImmutableArray<ProposalFault> faults = blueprint is null
                ? [new(ProposalFaults.Plan, $"the calls cannot be planned: {composer.Failure ?? "no read leads to them"}")]
                : [];
            if (blueprint is not null)
            {
                blueprint = Worded(proposal, blueprint, persona);
                faults = Problems(blueprint, composer.WrongWrites);
                if (faults.IsEmpty)
                    return new(blueprint, []);
            }

            if (best.IsEmpty || IsNearer(faults, best))
                best = faults;
        }

        return new(null, best);
    }

    private static bool IsNearer(ImmutableArray<ProposalFault> faults, ImmutableArray<ProposalFault> best) =>
        best[0].Check == ProposalFaults.Plan ? faults[0].Check != ProposalFaults.Plan
        : faults[0].Check == ProposalFaults.Plan ? false
        : faults.Length < best.Length;

    // A free text does not say which facts the human keeps until they are asked, so that they may tell any.
    private static Blueprint Worded(Proposal proposal, Blueprint blueprint, Persona? persona) =>
        blueprint with
        {
            Instruction = proposal.Instruction,
            Persona = persona ?? blueprint.Persona,
            Scenario = blueprint.Scenario with
            {
                Facts = [.. blueprint.Scenario.Facts.Select(f => f with { Disclosure = Disclosure.Volunteer })],
            },
        };

    private ImmutableArray<ProposalFault> Problems(Blueprint blueprint, IReadOnlyList<PlannedWrite> wrong)
    {
        var text = blueprint.Instruction;
        ImmutableArray<ProposalFault> missing =
        [
            .. blueprint
                .Scenario.Facts.Where(f => !text.Contains(f.Said, StringComparison.Ordinal) && !FieldValues.Says(text, f.Type, f.Value))
                .Select(f => new ProposalFault(
                    ProposalFaults.Fact,
                    $"the instruction does not say the {f.Label}, {f.Said}: a call needs it"
                )),
        ];
        if (!missing.IsEmpty)
            return missing;
        if (InstructionCheck.Problem(pack, blueprint) is { } leak)
            return [new(ProposalFaults.Leak, leak)];
        return _mustFail.Survivor(blueprint, wrong) is { } survivor ? [new(ProposalFaults.MustFail, $"{survivor} would pass")] : [];
    }
}
