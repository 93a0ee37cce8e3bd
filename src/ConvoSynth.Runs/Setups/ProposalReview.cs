using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Models.Journal;
using ConvoSynth.Rehearsal;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Runs.Setups;

/// <summary>Reviews proposed tasks for a run: rehearses them, and asks the committee where it judges tasks.</summary>
/// <param name="setup">The setup of the run, which is complete only after its blueprint source.</param>
internal sealed class ProposalReview(Func<RunSetup> setup) : IProposalReview
{
    // What the scripted agent says is not the proposer's affair; what it does by the plan is.
    private static readonly string[] Stages = ["replay", "environment", "outcome", "policy", "procedure"];

    public async ValueTask<ImmutableArray<ProposalFault>> Rehearse(Blueprint blueprint, CancellationToken cancellationToken)
    {
        var model = new RehearsalModel(setup().PackOf);
        var rehearsed = setup() with { Human = model, Agent = model, Prompts = null, Judges = [], EarlyStop = false };
        var session = await DialogueRunner.Play(rehearsed, blueprint.Index, 0, blueprint, cancellationToken);
        var trajectory = DialogueRunner.TrajectoryOf(rehearsed, blueprint.Index, 0, blueprint, session.Finish());
        return
        [
            .. trajectory
                .Verdicts.Where(v => v.Outcome == Outcome.Fail && Stages.Contains(v.Stage))
                .Select(v => new ProposalFault(
                    ProposalFaults.Rehearsal,
                    $"an agent that makes these calls in this order fails {v.Stage}.{v.Check}: {v.Evidence}"
                )),
        ];
    }

    public async ValueTask<ProposalOpinion> Judge(Blueprint blueprint, IJournal? journal, CancellationToken cancellationToken)
    {
        var run = setup();
        if (!run.JudgesBlueprints)
            return new([], []);
        var pack = run.PackOf(blueprint);
        var seats = run.Judges.Select(j => run.JudgeOf(j.Name, pack, new(run.Spec.RunId, blueprint.Index, 0), journal));
        var committee = new Committee([.. seats], Sitting.OnBlueprint(run.Spec, blueprint.Index));
        var verdicts = await committee.VoteAsync(CommitteeQuestion.Of(blueprint, pack), cancellationToken);
        ImmutableArray<ProposalFault> faults =
        [
            .. verdicts
                .Where(v => v.Outcome == Outcome.Fail)
                .Select(v => new ProposalFault($"{ProposalFaults.Committee}.{v.Check}", Against(v))),
        ];
        // The dialogue asks the committee about its task again, reads the same votes from the journal, and counts them.
        return new(faults, faults.IsEmpty ? [] : [.. committee.Calls]);
    }

    private static string Against(Verdict verdict)
    {
        string[] against = [.. (verdict.Votes ?? []).Where(v => v.Answer == "0").Select(v => v.Evidence)];
        return against.Length > 0 ? string.Join(' ', against) : verdict.Evidence ?? verdict.Check;
    }
}
