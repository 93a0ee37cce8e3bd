using ConvoSynth.Models;
using ConvoSynth.Synthesis;
using Orleans;
using Orleans.Placement;

namespace ConvoSynth.Grains;

/// <summary>
/// What both roles do: keep the view of one dialogue, ask the model, and give the same answer to the same turn. The view is lost with
/// the activation; the dialogue then tells everything again.
/// </summary>
public abstract class RoleGrain(IRunSetups setups, ModelRole role) : Grain, IRoleGrain
{
    private RoleView? _view;
    private RoleReply? _last;
    private int _turns;
    private bool _hasHeard;

    public Task Open(RoleOpening opening)
    {
        var setup = setups.For(opening.Spec);
        _view = setup.View(setup.OpeningOf(opening.Index, opening.Attempt, role, opening.Blueprint));
        _last = null;
        _turns = 0;
        _hasHeard = false;
        return Task.CompletedTask;
    }

    public async Task<RoleReply> Reply(RoleTurn turn, CancellationToken cancellationToken = default)
    {
        if (_last is not null && turn.Turn == _turns - 1) return _last;
        if (_view is null || turn.Turn != _turns) return new() { Forgot = true };
        if (!_hasHeard)
        {
            foreach (var message in turn.Heard) _view.Heard(message);
            _hasHeard = true;
        }

        try
        {
            var response = await _view.Speak(cancellationToken);
            _last = new() { Message = response.Message, Model = response.Model, Finish = response.Finish, Usage = response.Usage, PlantedFault = response.PlantedFault };
        }
        catch (EndOfRecordException)
        {
            _last = new() { EndOfRecord = true };
        }
        catch (TransientModelException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new() { Error = ErrorText.Of(e), Again = true };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _last = new() { Error = ErrorText.Of(e) };
        }
        catch
        {
            _view = null; // It has heard what it did not answer: it must be told anew.
            throw;
        }

        _turns++;
        _hasHeard = false;
        return _last;
    }

    public Task Close()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[PreferLocalPlacement]
public sealed class SimulatedHumanGrain(IRunSetups setups) : RoleGrain(setups, ModelRole.Human), ISimulatedHumanGrain;

[PreferLocalPlacement]
public sealed class AgentGrain(IRunSetups setups) : RoleGrain(setups, ModelRole.Agent), IAgentGrain;
