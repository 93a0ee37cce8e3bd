using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Judges;
using Orleans;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// One play of a dialogue for one owner: has the blueprint made, asks the roles in turn, executes tool calls in the environment, and has
/// the result verified and judged.
/// </summary>
/// <param name="calls">Receives the model calls, also of a play that fails.</param>
internal sealed class DialoguePlay(
    IGrainFactory grains,
    DialogueWork work,
    List<ModelCall> calls,
    TimeProvider time,
    CancellationToken ending
)
{
    /// <summary>Epoch of the latest owner, for which the roles speak.</summary>
    public required Func<long> Epoch { get; init; }

    /// <param name="key">Key of the dialogue and of its roles.</param>
    /// <exception cref="DialogueHaltException">The dialogue ends without a row.</exception>
    public async Task<DialogueResult> Run(IRunCatalog runs, string key)
    {
        var setup = runs.SetupOf(work.RunId);
        var made = await Blueprint();
        // Later attempts reuse the words of the first and do not pay for them again.
        if (work.Attempt == 0)
            calls.AddRange(made.Calls);
        if (made.Blueprint is not { } blueprint)
            return work.Failed($"{TrajectoryRows.NoBlueprint}: {made.Error}") with { Reasons = made.Reasons };
        var opinions = setup.JudgesBlueprints ? await Opinions(setup, blueprint) : [];
        if (DialogueRunner.Unplayed(setup, work.Index, work.Attempt, blueprint, opinions) is { } unplayed)
            return Ended(setup, unplayed, plantedFault: null);
        var session = setup.SessionOf(blueprint);
        var opening = new RoleOpening(work.RunId, work.Index, work.Attempt, blueprint) { Partition = work.Partition, Epoch = work.Epoch };
        var human = new Party(grains.GetGrain<ISimulatedHumanGrain>(key), opening, Epoch, time, ending);
        var agent = new Party(grains.GetGrain<IAgentGrain>(key), opening, Epoch, time, ending);
        RoleReply? last = null;
        try
        {
            last = await Converse(session, human, agent);
        }
        finally
        {
            // After fencing, the roles may already work for the new owner.
            if (!ending.IsCancellationRequested && last is not { DialogueHalt.LostPlace: true })
                await Task.WhenAll(human.Close(), agent.Close());
        }

        if (last is { DialogueHalt: { } halt })
            throw new DialogueHaltException(halt);
        if (last is { Error: { } error })
            return work.Failed(error);
        var verified = await Verify(blueprint, session.Finish());
        if (verified.Trajectory is not { } trajectory)
            return work.Failed(verified.Error ?? "no trajectory");
        if (!setup.Judges.IsEmpty)
            trajectory = await Judged(setup, trajectory);
        return Ended(setup, trajectory with { Verdicts = [.. trajectory.Verdicts, .. opinions] }, session.PlantedFault);
    }

    private DialogueResult Ended(RunSetup setup, Trajectory trajectory, string? plantedFault) =>
        new()
        {
            Index = work.Index,
            Attempt = work.Attempt,
            Epoch = work.Epoch,
            Trajectory = trajectory,
            PlantedFault = plantedFault,
            IsLastAttempt = setup.HasAttempt?.Invoke(work.Index, work.Attempt + 1) == false,
        };

    private async Task<BlueprintReply> Blueprint()
    {
        var maker = grains.GetGrain<IBlueprintGeneratorGrain>(work.RunId);
        var made = await ReplyRetry.Repeat(
            () => maker.Make(new(work.RunId, work.Partition, work.Index, work.Epoch), ending),
            r => r.Again,
            time,
            ending
        );
        return made.DialogueHalt is { } halt ? throw new DialogueHaltException(halt) : made;
    }

    private Task<VerificationReply> Verify(Blueprint blueprint, Conversation conversation)
    {
        var verifier = grains.GetGrain<IVerifierGrain>(work.RunId);
        return GrainCallRetry.Repeat(
            () => verifier.Verify(new(work.RunId, work.Index, work.Attempt, blueprint, conversation), ending),
            time,
            ending
        );
    }

    private async Task<Trajectory> Judged(RunSetup setup, Trajectory trajectory)
    {
        var committee = CommitteeOf(setup, trajectory.Blueprint, work.Attempt, Sitting.OnDialogue(setup.Spec, work.Index, work.Attempt));
        var judged = await committee.Judge(trajectory, ending);
        calls.AddRange(committee.Calls);
        return judged;
    }

    // All attempts play one task: later ones read the votes of the first from the journal.
    private async Task<ImmutableArray<Verdict>> Opinions(RunSetup setup, Blueprint blueprint)
    {
        var committee = CommitteeOf(setup, blueprint, attempt: 0, Sitting.OnBlueprint(setup.Spec, work.Index));
        var opinions = await committee.VoteAsync(CommitteeQuestion.Of(blueprint, setup.PackOf(blueprint)), ending);
        if (work.Attempt == 0)
            calls.AddRange(committee.Calls);
        return opinions;
    }

    private Committee CommitteeOf(RunSetup setup, Blueprint blueprint, int attempt, Sitting sitting)
    {
        var asked = new JudgeWork(work.RunId, work.Partition, work.Index, attempt, work.Epoch, blueprint.Domain)
        {
            World = blueprint.World,
        };
        return new([.. setup.Judges.Select(j => new GrainSeat(grains.GetGrain<IJudgeGrain>(j.Name), j.Name, asked, time))], sitting);
    }

    /// <returns>The reply that ended the conversation without an answer; null after a complete one.</returns>
    private async Task<RoleReply?> Converse(DialogueSession session, Party human, Party agent)
    {
        while (session.Next != NextTurn.Done)
        {
            var before = session.Messages.Count;
            var isHuman = session.Next == NextTurn.Human;
            var reply = await (isHuman ? human : agent).Speak();
            if (reply.HasNoAnswer)
                return reply;
            if (reply.EndOfRecord)
            {
                session.RecordEnded();
                break;
            }

            var response = reply.Response!;
            calls.AddRange(response.Calls);
            if (isHuman)
            {
                session.HumanSaid(response);
                agent.Hears(session.Messages[before]);
            }
            else
            {
                session.AgentSaid(response);
                for (var i = before + 1; i < session.Messages.Count; i++)
                    agent.Hears(session.Messages[i]);
                if (session.Messages[^1].Role == MessageRole.Assistant)
                    human.Hears(session.ForHuman());
            }
        }

        return null;
    }
}
