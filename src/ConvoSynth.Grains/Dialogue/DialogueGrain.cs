using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Synthesis;
using Orleans;

namespace ConvoSynth.Grains;

/// <summary>
/// Plays one dialogue: asks the roles in turn, lets the environment carry calls out, has the result verified, and reports it. The loop
/// runs beside the requests of the grain, so that no caller waits for a dialogue, only for its beginning.
/// </summary>
public sealed class DialogueGrain(IRunSetups setups) : Grain, IDialogueGrain, IDisposable
{
    // More than any dialogue lives; a grain's own awaiting does not keep it from being collected.
    private static readonly TimeSpan LongerThanAnyDialogue = TimeSpan.FromHours(2);
    private const int ReportTries = 5;

    private readonly CancellationTokenSource _ending = new();
    private Task? _playing;

    public Task Start(DialogueWork work)
    {
        if (_playing is not null) return Task.CompletedTask;
        DelayDeactivation(LongerThanAnyDialogue);
        _playing = Run(work);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public void Dispose() => _ending.Dispose();

    private async Task Run(DialogueWork work)
    {
        // The caller of Start must not wait for the first model call.
        await Task.Yield();
        DialogueResult result;
        try
        {
            result = await Play(work, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return; // The activation is going; the partition starts the dialogue again.
        }
        catch (Exception e)
        {
            // Whatever goes wrong, the index must end: failed, with the error.
            result = new() { Index = work.Index, Attempt = work.Attempt, Epoch = work.Epoch, Error = $"{e.GetType().Name}: {e.Message}" };
        }

        await Report(work, result);
        DeactivateOnIdle();
    }

    private async Task<DialogueResult> Play(DialogueWork work, CancellationToken cancellationToken)
    {
        var made = await GrainFactory.GetGrain<IBlueprintGeneratorGrain>(work.Spec.RunId).Make(work.Spec, work.Index, cancellationToken);
        if (made.Blueprint is not { } blueprint) return new() { Index = work.Index, Attempt = work.Attempt, Epoch = work.Epoch, Error = made.Error ?? "no blueprint" };
        var setup = setups.For(work.Spec);
        var session = new DialogueSession(setup.Packs[blueprint.Domain], blueprint, setup.Limits, setup.SystemOf(blueprint.Domain));
        var key = this.GetPrimaryKeyString();
        var opening = new RoleOpening(work.Spec, work.Index, work.Attempt, blueprint);
        var human = new Party(GrainFactory.GetGrain<ISimulatedHumanGrain>(key), opening);
        var agent = new Party(GrainFactory.GetGrain<IAgentGrain>(key), opening);
        while (session.Next != NextTurn.Done)
        {
            var before = session.Messages.Count;
            var isHuman = session.Next == NextTurn.Human;
            var reply = await (isHuman ? human : agent).Speak(cancellationToken);
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

        await Task.WhenAll(human.Close(), agent.Close());
        var verifier = GrainFactory.GetGrain<IVerifierGrain>(work.Spec.RunId);
        var trajectory = await verifier.Verify(new(work.Spec, work.Index, work.Attempt, blueprint, session.Finish()), cancellationToken);
        return new() { Index = work.Index, Attempt = work.Attempt, Epoch = work.Epoch, Trajectory = trajectory, PlantedFault = session.PlantedFault };
    }

    private async Task Report(DialogueWork work, DialogueResult result)
    {
        var partition = GrainFactory.GetGrain<IPartitionGrain>($"{work.Spec.RunId}/{work.Partition}");
        for (var i = 1; ; i++)
        {
            try
            {
                await partition.Completed(result);
                return;
            }
            catch (Exception) when (i < ReportTries)
            {
                // Unknown outcome: a report may be repeated, the partition takes it once.
                continue;
            }
            catch (Exception)
            {
                return; // The partition starts silent dialogues again.
            }
        }
    }

    /// <summary>One role as the dialogue sees it: what it has been told, what it has not, and how to tell a new activation all of it.</summary>
    private sealed class Party(IRoleGrain grain, RoleOpening opening)
    {
        private readonly List<Message> _unheard = [];
        private readonly List<(ImmutableArray<Message> Heard, RoleReply Reply)> _past = [];
        private bool _opened;

        public void Hears(Message message) => _unheard.Add(message);

        public async Task<RoleReply> Speak(CancellationToken cancellationToken)
        {
            if (!_opened)
            {
                await grain.Open(opening);
                _opened = true;
            }

            ImmutableArray<Message> heard = [.. _unheard];
            var reply = await grain.Reply(new(_past.Count, heard), cancellationToken);
            if (reply.Forgot)
            {
                await grain.Open(opening);
                for (var i = 0; i < _past.Count; i++) await grain.Reply(new(i, _past[i].Heard), cancellationToken);
                reply = await grain.Reply(new(_past.Count, heard), cancellationToken);
                if (reply.Forgot) throw new InvalidOperationException("a role forgets its conversation again and again");
            }

            _past.Add((heard, reply));
            _unheard.Clear();
            return reply;
        }

        public Task Close() => _opened ? grain.Close() : Task.CompletedTask;
    }
}
