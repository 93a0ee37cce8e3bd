using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Synthesis;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Plays one dialogue: asks the roles in turn, lets the environment carry calls out, has the result verified, and reports it. The loop
/// runs beside the requests of the grain, so that no caller waits for a dialogue, only for its beginning.
/// </summary>
public sealed class DialogueGrain(IRunSetups setups, TimeProvider time) : Grain, IDialogueGrain, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private DialogueWork? _work;

    public Task<bool> Start(DialogueWork work)
    {
        var begins = _work is null;
        // A later epoch is a new owner of the partition: the report will go to it.
        if (_work is null || work.Epoch > _work.Epoch) _work = work;
        if (begins)
        {
            // What a grain awaits does not keep it from being collected.
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
        // The caller of Start must not wait for the first model call.
        await Task.Yield();
        DialogueResult? result;
        try
        {
            long epoch;
            do
            {
                epoch = _work!.Epoch;
                result = await Play(_work, ending);
            }
            while (result is null && _work.Epoch > epoch);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return; // The activation is going, and calls fail for that reason alone; the partition starts the dialogue again.
        }
        catch (EnvironmentException e)
        {
            result = Failed(_work!, e.Message) with { ErrorFault = Fault.Environment };
        }
        catch (Exception e)
        {
            // Whatever goes wrong, the index must end: failed, with the error.
            result = Failed(_work!, ErrorText.Of(e));
        }

        try
        {
            // Who lost its place has nobody to report to: whoever has it now starts the dialogue.
            if (result is not null) await Report(result, ending);
        }
        catch (Exception e) when (!ending.IsCancellationRequested && !UnknownOutcome.Is(e))
        {
            // What cannot be told must not vanish either.
            await Report(Failed(_work!, $"the result could not be handed on: {ErrorText.Of(e)}"), ending);
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    /// <returns>Null where the dialogue has lost its place.</returns>
    private async Task<DialogueResult?> Play(DialogueWork work, CancellationToken ending)
    {
        var maker = GrainFactory.GetGrain<IBlueprintGeneratorGrain>(work.Spec.RunId);
        var made = await UnknownOutcome.Repeat(() => maker.Make(work.Spec, work.Index, ending), time, ending);
        if (made.Blueprint is not { } blueprint) return Failed(work, made.Error ?? "no blueprint");
        var setup = setups.For(work.Spec);
        var session = new DialogueSession(setup.Packs[blueprint.Domain], blueprint, setup.Limits, setup.SystemOf(blueprint.Domain));
        var key = this.GetPrimaryKeyString();
        var opening = new RoleOpening(work.Spec, work.Index, work.Attempt, blueprint) { Partition = work.Partition, Epoch = work.Epoch };
        var human = new Party(GrainFactory.GetGrain<ISimulatedHumanGrain>(key), opening, () => _work!.Epoch, time, ending);
        var agent = new Party(GrainFactory.GetGrain<IAgentGrain>(key), opening, () => _work!.Epoch, time, ending);
        RoleReply? last = null;
        try
        {
            last = await Converse(session, human, agent);
        }
        finally
        {
            // Of a dialogue that lost its place, the roles may be at work for its successor.
            if (!ending.IsCancellationRequested && last?.LostPlace != true) await Task.WhenAll(human.Close(), agent.Close());
        }

        if (last is { LostPlace: true }) return null;
        if (last is { StorageError: { } storage }) return Failed(work, storage) with { StorageError = storage };
        if (last is { Error: { } error }) return Failed(work, error);

        var verifier = GrainFactory.GetGrain<IVerifierGrain>(work.Spec.RunId);
        var conversation = session.Finish();
        var verified = await UnknownOutcome.Repeat(() => verifier.Verify(new(work.Spec, work.Index, work.Attempt, blueprint, conversation), ending), time, ending);
        if (verified.Trajectory is not { } trajectory) return Failed(work, verified.Error ?? "no trajectory");
        return new() { Index = work.Index, Attempt = work.Attempt, Epoch = work.Epoch, Trajectory = trajectory, PlantedFault = session.PlantedFault, IsLastAttempt = setup.HasAttempt?.Invoke(work.Index, work.Attempt + 1) == false };
    }

    /// <returns>The reply of a role that has no answer.</returns>
    private static async Task<RoleReply?> Converse(DialogueSession session, Party human, Party agent)
    {
        while (session.Next != NextTurn.Done)
        {
            var before = session.Messages.Count;
            var isHuman = session.Next == NextTurn.Human;
            var reply = await (isHuman ? human : agent).Speak();
            if (reply.HasNoAnswer) return reply;
            if (reply.EndOfRecord)
            {
                session.RecordEnded();
                break;
            }

            var response = new ModelResponse { Message = reply.Message!, Model = reply.Model, Finish = reply.Finish, Usage = reply.Usage, PlantedFault = reply.PlantedFault };
            if (isHuman)
            {
                session.HumanSaid(response);
                agent.Hears(session.Messages[before]);
            }
            else
            {
                session.AgentSaid(response);
                for (var i = before + 1; i < session.Messages.Count; i++) agent.Hears(session.Messages[i]);
                if (session.Messages[^1].Role == MessageRole.Assistant) human.Hears(Message.User(session.Messages[^1].Content ?? ""));
            }
        }

        return null;
    }

    // An owner that came while the report was under way has not got it. One that cannot be reached starts the dialogue again.
    private async Task Report(DialogueResult result, CancellationToken ending)
    {
        var partition = GrainFactory.GetGrain<IPartitionGrain>($"{_work!.Spec.RunId}/{_work.Partition}");
        long epoch;
        do
        {
            epoch = _work.Epoch;
            try
            {
                await UnknownOutcome.Repeat(() => partition.Completed(result with { Epoch = epoch }), time, ending);
            }
            catch (Exception e) when (UnknownOutcome.Is(e) || ending.IsCancellationRequested)
            {
                return;
            }
        }
        while (_work.Epoch != epoch);
    }

    private static DialogueResult Failed(DialogueWork work, string error) => new() { Index = work.Index, Attempt = work.Attempt, Epoch = work.Epoch, Error = error };
}
