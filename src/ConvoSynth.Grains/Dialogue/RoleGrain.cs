using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Journals;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Setups;
using Orleans;
using Orleans.Placement;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// What both roles share: keep the view of one dialogue, ask the model, and give the same answer to the same turn. The view is lost with
/// the activation; the dialogue then replays all turns. Two activations of the dialogue may live for a while and ask the same turns of
/// the same conversation. So an open view stays open and each turn's answer is kept: neither forces the other to start over.
/// </summary>
public abstract class RoleGrain(IRunCatalog runs, TimeProvider time, ModelRole role) : Grain, IRoleGrain
{
    /// <summary>
    /// Bound on one answer of a model without its own timeout. It is below the dialogue's wait for the role, so that the dialogue
    /// receives the error; it also frees a role whose dialogue is gone.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    private RoleView? _view;
    private GrainJournal? _journal;
    private readonly List<RoleReply> _replies = [];
    private bool _hasHeard;
    private RoleOpening? _opening;
    private bool _hasLent;

    public async Task<RoleReply> Reply(RoleTurn turn, CancellationToken cancellationToken = default)
    {
        if (turn.Opening is { } opening && Open(opening) is { } refused)
            return new() { DialogueHalt = refused };
        if (_view is null || turn.Turn > _replies.Count)
            return new() { Forgot = true };
        if (turn.Turn < _replies.Count)
            return _replies[turn.Turn];
        if (!_hasHeard)
        {
            foreach (var message in turn.Heard)
                _view.Heard(message);
            _hasHeard = true;
        }

        RoleReply reply;
        try
        {
            var response = await Speak(_view, cancellationToken);
            LendPermit(isLent: false);
            reply = new() { Response = response };
        }
        catch (EndOfRecordException)
        {
            reply = new() { EndOfRecord = true };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && DialogueHalt.Of(e) is { } halt)
        {
            // The turn stays unanswered and may be asked again.
            return new() { DialogueHalt = halt };
        }
        catch (JournalException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The journal has no answer and never will.
            reply = new() { Error = e.Message };
        }
        catch (TransientModelException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new() { Error = ErrorText.Of(e), Again = true };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            reply = new() { Error = ErrorText.Of(e) };
        }
        catch
        {
            // The view contains messages without an answer: the dialogue must replay them to a new one.
            _view = null;
            throw;
        }

        _replies.Add(reply);
        _hasHeard = false;
        return reply;
    }

    public Task Close()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private DialogueHalt? Open(RoleOpening opening)
    {
        _journal?.HandOverTo(opening.Epoch);
        if (_view is not null)
            return null;
        RunSetup setup;
        try
        {
            setup = runs.SetupOf(opening.RunId);
        }
        catch (RunException e)
        {
            return DialogueHalt.Of(e);
        }

        _journal ??= new(GrainFactory, opening.RunId, opening.Partition, opening.Epoch, time);
        _opening = opening;
        _view = setup.View(setup.OpeningOf(opening.Index, opening.Attempt, role, opening.Blueprint), _journal);
        _view.LendPermit = () => LendPermit(isLent: true);
        _replies.Clear();
        _hasHeard = false;
        return null;
    }

    // Only an answered request takes the permit back. If the request fails, its dialogue ends, and the loan with it.
    private void LendPermit(bool isLent)
    {
        if (_hasLent == isLent)
            return;
        _hasLent = isLent;
        _ = ReportLoan(new(_opening!.Index, _opening.Attempt, _journal!.Epoch, isLent));
    }

    private async Task ReportLoan(PermitLoan loan)
    {
        try
        {
            await GrainFactory.GetGrain<IPartitionGrain>($"{_opening!.RunId}/{_opening.Partition}").Lend(loan);
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            return; // A lost loan delays other dialogues and changes no row.
        }
    }

    private async ValueTask<ModelResponse> Speak(RoleView view, CancellationToken cancellationToken)
    {
        // Such a model separates the time of the answer from the wait for quota.
        if (view.ModelKeepsTime)
            return await view.Speak(cancellationToken);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pending = view.Speak(giveUp.Token);
        if (pending.IsCompleted)
            // The usual case for built-in models: avoids a timer.
            return await pending;
        await using var timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(),
            giveUp,
            Patience,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            return await pending;
        }
        catch (OperationCanceledException e) when (giveUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the model did not answer in {Patience}", e);
        }
    }
}

[PreferLocalPlacement]
public sealed class SimulatedHumanGrain(IRunCatalog runs, TimeProvider time) : RoleGrain(runs, time, ModelRole.Human), ISimulatedHumanGrain;

[PreferLocalPlacement]
public sealed class AgentGrain(IRunCatalog runs, TimeProvider time) : RoleGrain(runs, time, ModelRole.Agent), IAgentGrain;
