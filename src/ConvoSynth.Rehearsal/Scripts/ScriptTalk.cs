using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

// How a talk begins and ends: what is said before the first wish, and after the last.
internal sealed partial class ScriptWriter
{
    private void Open()
    {
        var greeted = _random.Chance(0.08 + (0.15 * _human.Manner.Chatty));
        if (Twist?.OffSubject is { } talk)
        {
            greeted = true;
            BeginOffSubject(talk);
            if (_turns.Over)
                return;
        }
        else if (greeted)
        {
            _turns.Human(_human.WarmUp());
            _turns.Agent(_agent.Line(AgentLines.Welcome));
        }

        var wishes = Scenario.Requests.Take(_allAtOnce ? int.MaxValue : 1).Select((_, r) => Stated(r)).ToArray();
        var identity = _facts.Volunteered(isIdentity: true);
        var opening = _human.Opening(Scenario.Reason, identity, _facts.Volunteered(isIdentity: false), wishes, greeted);
        Begin(Twist?.Decision is { } decision ? $"{opening} {Undecided(decision)}" : opening);
    }

    // The agent answers without a call, or acts before it knows what the human wants.
    private void BeginOffSubject(SmallTalk talk)
    {
        _turns.Human(talk.Words);
        if (Is(FaultKinds.NeedlessHandOver))
        {
            _turns.HandOver(_fault!.Calls[0], FaultKinds.NeedlessHandOver);
            return;
        }

        if (Is(FaultKinds.NeedlessCall))
            _turns.Call(_fault!.Calls[0], FaultKinds.NeedlessCall);
        _turns.Agent($"{_agent.Line(SmallTalkLines.AnswerTo(talk.Subject))} {_agent.Line(SmallTalkLines.ToTheMatter)}");
    }

    // The human does not stop when all is done. Returns whether there was such a human, who stops at last.
    private bool Linger()
    {
        if (Twist?.Lingering is not { } lingering || Is(FaultKinds.HumanDropsGoal))
            return false;
        if (Is(FaultKinds.SameReply))
        {
            Repeat(lingering);
        }
        else
        {
            for (var i = 0; i < lingering.Length; i++)
            {
                var isLast = i == lingering.Length - 1;
                _turns.Human(lingering[i].Words);
                if (lingering[i].Request is { } again)
                    AnswerAgain(again);
                else if (!isLast)
                    _turns.Later(_agent.Line(SmallTalkLines.Listening));
                _turns.Agent(isLast ? _agent.Line(SmallTalkLines.Farewell) : "");
            }
        }

        _turns.HumanStops(_human.Line(SmallTalkLines.AtLast));
        return true;
    }

    private void AnswerAgain(int r)
    {
        var request = Scenario.Requests[r];
        if (!Is(FaultKinds.DoneAgain))
        {
            _turns.Later(string.Format(_agent.Line(SmallTalkLines.DoneAlready), Phrasing.Sentence(_random.Pick(request.Done))));
            return;
        }

        AskForYes([_offers.Of(request)], [.. request.Confirm]);
        _turns.Human(_human.Yes());
        Report(Tempting, FaultKinds.DoneAgain);
    }

    // Three times in a row the same, whatever the human says.
    private void Repeat(ImmutableArray<Lingering> lingering)
    {
        var reply = _agent.Line(SmallTalkLines.Settled);
        for (var i = 0; i < 3; i++)
        {
            _turns.Human(i < lingering.Length ? lingering[i].Words : _human.Line(HumanLines.Pause));
            if (i == 2)
                _turns.LabelNextText(FaultKinds.SameReply);
            _turns.Agent(reply);
        }
    }
}
