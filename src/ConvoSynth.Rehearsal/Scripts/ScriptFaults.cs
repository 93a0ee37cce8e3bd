using ConvoSynth.Core.Blueprints;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The turns in which a planned fault shows; without one, they are correct.</summary>
internal sealed partial class ScriptWriter
{
    private bool Is(string kind, int request) => _fault is not null && _fault.Kind == kind && _fault.Request == request;

    private bool Is(string kind) => _fault is not null && _fault.Kind == kind;

    // The agent's next text carries the label.
    private string Labelled(string text)
    {
        _turns.LabelNextText(_fault!.Kind);
        return text;
    }

    private void Begin(string opening)
    {
        if (Is(FaultKinds.HumanLeak))
            _turns.Human($"{opening} {_fault!.Words}", FaultKinds.HumanLeak);
        else
            _turns.Human(opening, Is(FaultKinds.HumanVolunteersAll) ? FaultKinds.HumanVolunteersAll : null);
        if (Is(FaultKinds.DataBeforeIdentity) || (Is(FaultKinds.NeedlessCall) && Twist?.OffSubject is null))
            _turns.Call(_fault!.Calls[0], _fault.Kind);
        if (!Is(FaultKinds.EmptyTurn) || _fault!.ByHuman)
            return;
        _turns.AgentSilent(FaultKinds.EmptyTurn);
        _turns.Human(_human.Line(HumanLines.AreYouThere));
    }

    private void Play()
    {
        var at = _next++;
        var action = _blueprint.Actions[at];
        if (!GetsOver(action))
            return;
        if (_fault is null || _fault.Action != at)
        {
            if (_slip is not null && _slip.Action == at)
                _turns.Call(_slip.Call, label: null);
            _turns.Call(action);
            return;
        }

        switch (_fault.Kind)
        {
            case FaultKinds.WrongArgument or FaultKinds.MalformedArguments or FaultKinds.UnknownTool or FaultKinds.WrongType:
                _turns.Call(_fault.Calls[0], _fault.Kind);
                break;
            case FaultKinds.ConfirmedThenChanged when !_fault.Calls.IsEmpty:
                _turns.Call(_fault.Calls[0], _fault.Kind);
                break;
            case FaultKinds.ToolNotOffered or FaultKinds.InventedIdentifier or FaultKinds.NeedlessRead or FaultKinds.LookalikeCall:
                _turns.Call(_fault.Calls[0], _fault.Kind);
                _turns.Call(action);
                break;
            case FaultKinds.SerialCalls:
                _turns.Call(new(action.Tool, action.Arguments.ToString()), _fault.Kind);
                break;
            case FaultKinds.BundledCall:
                _turns.CallTogether([action, _blueprint.Actions[_next++]], _fault.Kind);
                break;
            case FaultKinds.MissingWrite:
                _turns.LabelNextText(_fault.Kind);
                break;
            case FaultKinds.FalseClaim when _fault.Words is null:
                _turns.LabelNextText(_fault.Kind);
                break;
            case FaultKinds.DataBeforeIdentity:
                break; // It was made at the very start.
            case FaultKinds.Loop:
                _turns.Call(action);
                _turns.Call(new(action.Tool, action.Arguments.ToString()), _fault.Kind);
                _turns.Call(new(action.Tool, action.Arguments.ToString()), _fault.Kind);
                break;
            default:
                _turns.Call(action);
                break;
        }
    }

    private void AfterLast(int r, int last)
    {
        if (_fault is not { Kind: FaultKinds.ExtraWrite or FaultKinds.WriteThenUndo } || _fault.Request < r || _fault.Request > last)
            return;
        for (var i = 0; i < _fault.Calls.Length; i++)
            _turns.Call(_fault.Calls[i], i == 0 ? _fault.Kind : null);
    }

    // The report of an action, or the answer.
    private void Tell(int r)
    {
        var served = Scenario.Requests[r];
        switch (_fault)
        {
            case { Kind: FaultKinds.MisledDecision } when _fault.Request == r:
                _turns.Later(Labelled(_agent.Answer(Misled(served), isOnly: true)));
                return;
            case { Kind: FaultKinds.GaveUp } when _fault.Request == r:
                _turns.Later(_agent.Line(SliceLines.GivesUp));
                return;
            case { Kind: FaultKinds.MissingWrite } when _fault.Request == r:
                _turns.Later(_agent.Line(FaultyAgentLines.NoReport));
                return;
            case { Kind: FaultKinds.WrongAmount } when _fault.Request == r:
                _turns.Later(Labelled(_agent.Report([_fault.Words!])));
                return;
            case { Kind: FaultKinds.OutputNotSaid } when _fault.Request == r:
                _turns.Later(Labelled(_fault.Words!));
                return;
            case { Kind: FaultKinds.ShotgunAnswer } when _fault.Request == r:
                _turns.Later(Labelled(_agent.Answer([_fault.Words!], isOnly: Scenario.Requests.Length == 1)));
                return;
        }

        _turns.Later(
            served.Kind == RequestKind.Tell ? _agent.Answer(served.Done, isOnly: Scenario.Requests.Length == 1) : _agent.Report(served.Done)
        );
        if (Is(FaultKinds.FalseClaim, r) && _fault!.Words is { } words)
            _turns.Later(Labelled(words));

        // The agent may admit the unrequested write, or keep it to itself.
        if (_fault is { Kind: FaultKinds.ExtraWrite or FaultKinds.WriteThenUndo } && _fault.Request == r && _random.Chance(0.5))
            _turns.Later(_agent.Line(_fault.Kind == FaultKinds.ExtraWrite ? FaultyAgentLines.ExtraReport : FaultyAgentLines.UndoneReport));
    }

    private void RefuseDue(int r)
    {
        var request = Scenario.Requests[r];
        if (Is(FaultKinds.WrongReason, r) && !_fault!.IsOfFirst)
            Refuse(RefusedWords(request), Labelled(_fault.Reason!), clause: null);
        else
            Refuse(RefusedWords(request), ReasonOf(request), ClauseOf(request));
    }

    // Retracts an answer after the human has heard it.
    private void TakeBack(int r)
    {
        if (!Is(FaultKinds.SaidThenContradicted, r) || !_turns.Waits)
            return;
        _turns.Agent("");
        _turns.Human(_human.Line(HumanReplies.Thanks));
        _turns.Later(Labelled(_fault!.Words!));
    }

    // All requests are served.
    private void Leave()
    {
        if (_fault is { Words: { } loose } && FaultKinds.OfWords.Contains(_fault.Kind, StringComparer.Ordinal))
            _turns.Later(Labelled(loose));
        if (Is(FaultKinds.FirstRequestOnly))
            _turns.LabelNextText(FaultKinds.FirstRequestOnly);
        _turns.Agent(_agent.Line(RefusalLines.Else));
        if (Is(FaultKinds.Loop) && _fault!.Action < 0)
            AskAgain();
        if (Is(FaultKinds.HumanInventsRequest))
        {
            _turns.Human(string.Format(_human.Line(HumanLines.Invented), _fault!.Words), FaultKinds.HumanInventsRequest);
            _turns.Agent($"{_agent.Line(FaultyAgentLines.NotNow)} {_agent.Line(RefusalLines.Else)}");
        }

        if (Is(FaultKinds.EmptyTurn) && _fault!.ByHuman)
        {
            _turns.Human("", FaultKinds.EmptyTurn);
            _turns.Agent(_agent.Line(FaultyAgentLines.StillThere));
        }

        if (Linger())
            return;
        _turns.HumanStops(_human.Bye(_refused), Is(FaultKinds.HumanDropsGoal) ? FaultKinds.HumanDropsGoal : null);
    }

    // The agent asks one question three times, and the human puts it off each time.
    private void AskAgain()
    {
        var question = _agent.Line(FaultyAgentLines.StillThere);
        for (var i = 0; i < 3; i++)
        {
            _turns.Human(_human.Line(HumanLines.Pause));
            _turns.LabelNextText(FaultKinds.Loop);
            _turns.Agent(question);
        }
    }
}
