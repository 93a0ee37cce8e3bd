using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>
/// Writes one dialogue's turns from its blueprint: identity before data, reads before writes, details and a yes before a write, a report
/// before the goodbye. With a planned fault, it writes the same turns with that one fault.
/// </summary>
internal sealed partial class ScriptWriter
{
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;
    private readonly FaultPlan? _fault;
    private readonly SeededRandom _random;
    private readonly HumanVoice _human;
    private readonly AgentVoice _agent;
    private readonly ScriptTurns _turns;
    private readonly Disclosing _facts;
    private readonly SlipPlan? _slip;
    private readonly Offers _offers;
    private readonly bool _allAtOnce;
    private int _next;
    private bool _refused;

    public ScriptWriter(Pack pack, Blueprint blueprint, Seed seed, FaultPlan? fault, SlipPlan? slip = null)
    {
        _slip = slip;
        _offers = new(pack, seed.For("offers").Random());
        _pack = pack;
        _blueprint = blueprint;
        _fault = fault;
        _random = seed.For("flow").Random();
        _human = new(
            blueprint.Persona,
            pack.Domain.Clock,
            seed.For("human").Random(),
            [.. blueprint.Scenario.Facts.Select(f => f.Said).Distinct(StringComparer.Ordinal)]
        );
        _agent = new(seed.For("agent").Random());
        _turns = new(pack, _human, _agent, _random);
        _facts = new(pack, blueprint);
        _allAtOnce =
            blueprint.Scenario.Requests.Length > 1
            && (_random.Chance(0.5) || blueprint.Slice == Slices.Composite)
            && blueprint.Twist?.Decision is null;
    }

    private Scenario Scenario => _blueprint.Scenario;

    public Script Write()
    {
        Open();
        for (var r = 0; r < Scenario.Requests.Length && !_turns.Over; r++)
        {
            r = Serve(r);
            if (!Is(FaultKinds.FirstRequestOnly) || _turns.Over)
                continue;
            Leave();
        }

        return _turns.Finish();
    }

    /// <summary>Serves a request, together with the next one if one yes covers both; returns the last one served.</summary>
    private int Serve(int r)
    {
        var request = Scenario.Requests[r];
        var end = Math.Min(request.FirstAction + request.ActionCount, _blueprint.Actions.Length);
        while (_next < end && IsIdentity(_next))
            Identify(r);
        if (LacksTool(r) && !WaitForTool(r))
            return r;
        var needsNone = HandsOver(r) && Twist is { Failures.IsEmpty: true } && !Is(FaultKinds.AbsentTool, r);
        if (!needsNone && !Is(FaultKinds.GuessedParameter, r) && !Is(FaultKinds.UnaskedParameter, r))
            AskFacts(r);
        ChangeMind(r, beforeReads: true);
        if (HandsOver(r))
        {
            HandOver(r, end);
            if (!_turns.Over)
                TakeTurn(r);
            return r;
        }

        if (Is(FaultKinds.WriteBeforeYes, r) || Is(FaultKinds.UnreadRecord, r))
            _turns.LabelNextWrite(_fault!.Kind);
        ReadUpTo(end);
        if (_turns.Over)
            return r;
        var last = r;
        if (Is(FaultKinds.NeedlessRefusal, r))
        {
            _turns.LabelNextText(FaultKinds.NeedlessRefusal);
            Refuse(Offers.Full(request), _fault!.Reason!, clause: null);
            _next = end;
        }
        else if (Is(FaultKinds.ForbiddenWrite, r))
        {
            DoForbidden(request);
            _next = end;
        }
        else if (Is(FaultKinds.GuessedParameter, r) || IsMistaken(r))
        {
            Mistake(r);
            _next = end;
        }
        else if (Is(FaultKinds.BeforeAnswer, r))
        {
            ActUnasked();
        }
        else if (request.Refusals is [var refusal] && _blueprint.Refusals[refusal].IsFulfilled)
        {
            SayFulfilled(r);
        }
        else if (request.Kind == RequestKind.Refuse)
        {
            if (!request.Alternatives.IsEmpty)
                ExplainFirst(r);
            RefuseDue(r);
        }
        else
        {
            last = Do(r, end);
        }

        if (!_turns.Over)
            TakeTurn(last);
        return last;
    }

    private int Do(int r, int end)
    {
        var request = Scenario.Requests[r];
        Explain(r);
        var last = r;
        var ends = end;
        if (request.Kind == RequestKind.Do)
        {
            last = ListedWith(r, end);
            if (last > r)
                ends = Scenario.Requests[last].FirstAction + Scenario.Requests[last].ActionCount;
            ChangeMind(r, beforeReads: false);
            if (Is(FaultKinds.FirstWish, r))
            {
                Report(Tempting, FaultKinds.FirstWish);
                _next = ends;
                return last;
            }

            if (HasWrite(_next, ends) && !Is(FaultKinds.WriteBeforeYes, r))
                Confirm(r, last);
        }

        while (_next < ends && !_turns.Over)
            PlayNext();
        if (_turns.Over)
            return last;
        AfterLast(r, last);
        for (var done = r; done <= last; done++)
            Tell(done);
        _refused = false;
        return last;
    }

    // One yes may cover the next request too. The policy must allow it, its facts must be known, and it must start with a write.
    private int ListedWith(int r, int end)
    {
        var next = r + 1;
        if (!_allAtOnce || next >= Scenario.Requests.Length || _fault is not null || !CoversListed)
            return r;
        var other = Scenario.Requests[next];
        var isPlain =
            other is { IsPlain: true, First: null }
            && Scenario.Requests[r].First is null
            && Twist is not { Failures.IsEmpty: false }
            && _facts.Missing(next).Count == 0;
        return
            isPlain
            && other.FirstAction == end
            && other.ActionCount > 0
            && _blueprint.Actions[end].Writes
            && HasWrite(_next, end)
            && _random.Chance(0.7)
            ? next
            : r;
    }

    private bool CoversListed => _pack.Rules.Any(rule => rule.Rule == "confirm" && rule.Options["yes"].Text != "each");

    private void ReadUpTo(int end)
    {
        while (_next < end && !_blueprint.Actions[_next].Writes && !_turns.HandedOver)
        {
            if (LeavesOut(_next))
                _next++;
            else
                PlayNext();
        }
    }

    // After a request: say what is due, and let the human continue or take leave.
    private void TakeTurn(int r)
    {
        TakeBack(r);
        if (Twist?.Decision is { } decision && r == 0)
        {
            Decide(decision);
            return;
        }

        if (r + 1 >= Scenario.Requests.Length)
        {
            Leave();
            return;
        }

        if (_allAtOnce)
        {
            if (_random.Chance(0.5) && _turns.Waits)
            {
                _turns.Agent("");
                _turns.Human(
                    _refused ? $"{_human.Line(HumanReplies.Accept)} {_human.Line(HumanLines.GoOnAnyway)}" : _human.Line(HumanLines.GoOn)
                );
            }
            else
            {
                _turns.Later(_agent.Line(RefusalLines.Turning));
            }
        }
        else
        {
            _turns.Agent(_agent.Line(RefusalLines.Else));
            var (next, full) = Stated(r + 1);
            _turns.Human(_human.NextWish(next, full, _refused));
        }

        _refused = false;
    }

    private bool IsIdentity(int action) => _facts.IsIdentityTool(_blueprint.Actions[action].Tool);
}
