using ConvoSynth.Core;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Judges;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Plays one dialogue: asks the roles in turn, executes tool calls in the environment, has the result verified, and reports it. The loop
/// runs outside the grain's requests, so that a caller waits for the start of a dialogue and not for its end.
/// </summary>
public sealed class DialogueGrain(IRunCatalog runs, TimeProvider time) : Grain, IDialogueGrain, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<ModelCall> _calls = [];
    private DialogueWork? _work;

    public Task<bool> Start(DialogueWork work)
    {
        var begins = _work is null;
        // A later epoch is a new owner of the partition: it receives the report.
        if (_work is null || work.Epoch > _work.Epoch)
            _work = work;
        if (begins)
        {
            // Orleans may collect a grain that only awaits.
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _ = Run(_ending.Token);
        }

        return Task.FromResult(begins);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.Cancel();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public void Dispose() => _ending.Dispose();

    private async Task Run(CancellationToken ending)
    {
        // Start must return before the first model call.
        await Task.Yield();
        var (began, activity) = (time.GetTimestamp(), DialogueInstruments.Began(_work!));
        DialogueResult? ended = null;
        try
        {
            ended = await Outcome(ending);
        }
        finally
        {
            DialogueInstruments.Ended(runs.SpecOf(_work!.RunId).DomainOf(_work.Index), ended, activity, time.GetElapsedTime(began));
        }

        try
        {
            // Do not report while deactivating or when fenced: the new owner starts the dialogue again.
            if (ended is not null)
                await Report(ended, ending);
        }
        catch (Exception e) when (!ending.IsCancellationRequested && !GrainCallRetry.Is(e))
        {
            // A result that cannot be reported becomes a failed one, so that the index still ends.
            await Report(Failed(_work!, $"the result could not be handed on: {ErrorText.Of(e)}") with { Calls = ended!.Calls }, ending);
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    /// <returns>Null if the activation is deactivating, which makes its calls fail, or was fenced.</returns>
    private async Task<DialogueResult?> Outcome(CancellationToken ending)
    {
        DialogueResult? result;
        try
        {
            long epoch;
            do
            {
                epoch = _work!.Epoch;
                _calls.Clear();
                result = await PlayInPlace(_work, ending);
            } while (result is null && _work.Epoch > epoch);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            // Whatever goes wrong, the index must end: failed, with the error.
            result = Failed(_work!, ErrorText.Of(e));
        }

        // A failed dialogue still has its cost.
        return result is null ? null : result with { Calls = [.. _calls] };
    }

    /// <returns>Null if a later owner has fenced the dialogue.</returns>
    private async Task<DialogueResult?> PlayInPlace(DialogueWork work, CancellationToken ending)
    {
        try
        {
            return await Play(work, ending);
        }
        catch (DialogueHaltException e)
        {
            return e.DialogueHalt.RunError is { } error ? Failed(work, error) with { RunError = error } : null;
        }
    }

    private async Task<DialogueResult> Play(DialogueWork work, CancellationToken ending)
    {
        var maker = GrainFactory.GetGrain<IBlueprintGeneratorGrain>(work.RunId);
        var made = await ReplyRetry.Repeat(
            () => maker.Make(new(work.RunId, work.Partition, work.Index, work.Epoch), ending),
            r => r.Again,
            time,
            ending
        );
        if (made.DialogueHalt is { } unmade)
            throw new DialogueHaltException(unmade);
        // Later attempts reuse the words of the first and do not pay for them again.
        if (work.Attempt == 0)
            _calls.AddRange(made.Calls);
        if (made.Blueprint is not { } blueprint)
            return Failed(work, $"{TrajectoryRows.NoBlueprint}: {made.Error}");
        var setup = runs.SetupOf(work.RunId);
        var session = setup.SessionOf(blueprint);
        var key = this.GetPrimaryKeyString();
        var opening = new RoleOpening(work.RunId, work.Index, work.Attempt, blueprint) { Partition = work.Partition, Epoch = work.Epoch };
        var human = new Party(GrainFactory.GetGrain<ISimulatedHumanGrain>(key), opening, () => _work!.Epoch, time, ending);
        var agent = new Party(GrainFactory.GetGrain<IAgentGrain>(key), opening, () => _work!.Epoch, time, ending);
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
            return Failed(work, error);

        var verifier = GrainFactory.GetGrain<IVerifierGrain>(work.RunId);
        var conversation = session.Finish();
        var verified = await GrainCallRetry.Repeat(
            () => verifier.Verify(new(work.RunId, work.Index, work.Attempt, blueprint, conversation), ending),
            time,
            ending
        );
        if (verified.Trajectory is not { } trajectory)
            return Failed(work, verified.Error ?? "no trajectory");
        if (!setup.Judges.IsEmpty)
            trajectory = await Judged(setup, work, trajectory, ending);
        return new()
        {
            Index = work.Index,
            Attempt = work.Attempt,
            Epoch = work.Epoch,
            Trajectory = trajectory,
            PlantedFault = session.PlantedFault,
            IsLastAttempt = setup.HasAttempt?.Invoke(work.Index, work.Attempt + 1) == false,
        };
    }

    private async Task<Trajectory> Judged(RunSetup setup, DialogueWork work, Trajectory trajectory, CancellationToken ending)
    {
        var asked = new JudgeWork(work.RunId, work.Partition, work.Index, work.Attempt, work.Epoch, trajectory.Blueprint.Domain);
        var committee = new Committee([
            .. setup.Judges.Select(j => new GrainSeat(GrainFactory.GetGrain<IJudgeGrain>(j.Name), j.Name, asked, time)),
        ]);
        var judged = await committee.Judge(trajectory, ending);
        _calls.AddRange(committee.Calls);
        return judged;
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

            var response = new ModelResponse
            {
                Message = reply.Message!,
                Model = reply.Model,
                Finish = reply.Finish,
                Usage = reply.Usage,
                Calls = reply.Calls,
                Note = reply.Note,
                PlantedFault = reply.PlantedFault,
            };
            _calls.AddRange(reply.Calls);
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

    // An owner that took over during the report has not received it: report again. If the owner is unreachable, it starts the dialogue
    // again.
    private async Task Report(DialogueResult result, CancellationToken ending)
    {
        var partition = GrainFactory.GetGrain<IPartitionGrain>($"{_work!.RunId}/{_work.Partition}");
        long epoch;
        do
        {
            epoch = _work.Epoch;
            try
            {
                await GrainCallRetry.Repeat(() => partition.Completed(result with { Epoch = epoch }), time, ending);
            }
            catch (Exception e) when (GrainCallRetry.Is(e) || ending.IsCancellationRequested)
            {
                return;
            }
        } while (_work.Epoch != epoch);
    }

    private static DialogueResult Failed(DialogueWork work, string error) =>
        new()
        {
            Index = work.Index,
            Attempt = work.Attempt,
            Epoch = work.Epoch,
            Error = error,
        };
}
