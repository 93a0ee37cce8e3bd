using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Rehearsal;

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
        _allAtOnce = blueprint.Scenario.Requests.Length > 1 && _random.Chance(0.5);
    }

    private Scenario Scenario => _blueprint.Scenario;

    public Script Write()
    {
        Open();
        for (var r = 0; r < Scenario.Requests.Length && !_turns.Over; r++)
            r = Serve(r);
        return _turns.Finish();
    }

    private void Open()
    {
        var greeted = _random.Chance(0.08 + (0.15 * _human.Manner.Chatty));
        if (greeted)
        {
            _turns.Human(_human.WarmUp());
            _turns.Agent(_agent.Line(AgentLines.Welcome));
        }

        var wishes = Scenario
            .Requests.Take(_allAtOnce ? int.MaxValue : 1)
            .Select((request, r) => (request, _facts.TellsAllOf(r)))
            .ToArray();
        var identity = _facts.Volunteered(isIdentity: true);
        Begin(_human.Opening(Scenario.Reason, identity, _facts.Volunteered(isIdentity: false), wishes, greeted));
    }

    /// <summary>Serves a request, together with the next one if one yes covers both; returns the last one served.</summary>
    private int Serve(int r)
    {
        var request = Scenario.Requests[r];
        var end = Math.Min(request.FirstAction + request.ActionCount, _blueprint.Actions.Length);
        while (_next < end && IsIdentity(_next))
            Identify(r);
        AskFacts(r);
        if (Is(FaultKinds.WriteBeforeYes, r))
            _turns.LabelNextWrite(FaultKinds.WriteBeforeYes);
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
            if (HasWrite(_next, ends) && !Is(FaultKinds.WriteBeforeYes, r))
                Confirm(r, last);
        }

        while (_next < ends && !_turns.Over)
            Play();
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
            other is { Kind: RequestKind.Do, Alternatives.IsEmpty: true, Because.IsEmpty: true } && _facts.Missing(next).Count == 0;
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

    private void Identify(int r)
    {
        var missing = _facts.MissingIdentity(_blueprint.Actions[_next].Tool);
        if (missing.Count > 0)
        {
            var details = _facts.Missing(r);
            var both = details.Count > 0 && _random.Chance(0.3);
            var ask = _agent.AskIdentity(missing, isRest: false);
            _turns.Agent(both ? $"{ask} {_agent.AskFacts(details, alsoIdentity: true)}" : ask, acknowledges: true);
            var given = both ? missing.Count : _human.GivenFirst(missing);
            var identity = _human.GiveIdentity([.. missing.Take(given)], isRest: false);
            _turns.Human(both ? $"{Phrasing.Sentence(identity)} {GiveFacts(r, details)}" : identity);
            if (given < missing.Count)
            {
                var rest = missing.Skip(given).ToArray();
                _turns.Agent(_agent.AskIdentity(rest, isRest: true));
                _turns.Human(_human.GiveIdentity(rest, isRest: true));
            }

            _facts.Give(missing);
        }

        Play();
    }

    private void AskFacts(int r)
    {
        var missing = _facts.Missing(r);
        if (missing.Count == 0)
            return;
        _turns.Agent(_agent.AskFacts(missing, alsoIdentity: false), acknowledges: true);
        _turns.Human(GiveFacts(r, missing));
    }

    private string GiveFacts(int r, List<Fact> missing)
    {
        var request = Scenario.Requests[r];
        _facts.Give(missing);
        var inWords = missing.Count(f => request.Slots.Contains(f.Slot, StringComparer.Ordinal));
        // A choice needs the request's own words, and many values are easier to say in those words than in a list.
        var isTold =
            !request.Alternatives.IsEmpty
            || missing.Exists(f => f.Ask is "")
            || _blueprint.Shape.Contains("choice", StringComparison.Ordinal)
            || missing.Count > AgentVoice.MaxAskedByName;
        var whole = isTold || (inWords == missing.Count && missing.Count > 1 && _random.Chance(0.5));
        var text = _human.GiveFacts(request, inWords == missing.Count || !whole ? missing : [], whole);
        if (!whole || inWords == missing.Count)
            return text;
        var beside = missing.Where(f => !request.Slots.Contains(f.Slot, StringComparer.Ordinal));
        return $"{text} {_human.GiveFacts(request, [.. beside], wholeWish: false)}";
    }

    private void ReadUpTo(int end)
    {
        while (_next < end && !_blueprint.Actions[_next].Writes && !_turns.HandedOver)
            Play();
    }

    private void Explain(int r)
    {
        var request = Scenario.Requests[r];
        if (request.Alternatives.IsEmpty && request.Because.IsEmpty)
            return;
        if (!request.Because.IsEmpty)
        {
            _turns.Later(
                Is(FaultKinds.WrongReason, r)
                    ? Labelled(_agent.Refuse(RefusedWords(request), _fault!.Reason!, clause: null))
                    : _agent.Refuse(RefusedWords(request), _random.Pick(request.Because), ClauseOf(request))
            );
            _turns.Later(_agent.Line(AgentLines.Instead));
        }
        else
        {
            _turns.Later(_agent.Branch(request));
        }
    }

    private void Confirm(int r, int last)
    {
        var wishes =
            last > r
                ? [.. Scenario.Requests.Skip(r).Take(last - r + 1).Select(Offers.Full)]
                : new[] { Scenario.Requests[r].Because.IsEmpty ? _offers.Of(Scenario.Requests[r]) : Offers.Full(Scenario.Requests[r]) };
        var details = Scenario.Requests.Skip(r).Take(last - r + 1).SelectMany(q => q.Confirm).ToArray();
        if (Is(FaultKinds.ConfirmedThenChanged, r) && _fault!.Stated is { } stated)
        {
            // The confirmed details differ from the write's.
            wishes = [.. wishes.Select(w => Restated.Of(w, stated.Right, stated.Wrong))];
            details = [.. details.Select(d => Restated.Of(d, stated.Right, stated.Wrong))];
            _turns.LabelNextText(FaultKinds.ConfirmedThenChanged);
        }

        AskForYes(wishes, details, Reminder(Scenario.Requests.Skip(r).Take(last - r + 1)));
        if (!Is(FaultKinds.HumanStopsEarly, r))
            _turns.Human(_human.Yes());
        else
            _turns.HumanStops(_human.Line(HumanLines.Off), FaultKinds.HumanStopsEarly);
    }

    // The reminder that a judged clause requires, so that a judge sees the clause kept.
    private string Reminder(IEnumerable<Request> requests)
    {
        foreach (var rule in _pack.Rules)
        {
            if (rule.Rule != "judge" || rule.Options["remind"] is not JsonList { Items.Count: > 0 } lines)
                continue;
            if (requests.Any(q => q.Tool is { } tool && rule.Options["applies"].Items.Any(t => t.Text == tool)))
                return _random.Pick(lines.Items).Text ?? "";
        }

        return "";
    }

    private void AskForYes(string[] wishes, string[] details, string reminder = "")
    {
        _turns.Agent(_agent.Confirm(wishes, details, reminder), acknowledges: true);
        if (!_human.AsksBack)
            return;
        var amounts = details.Where(d => d.Contains('$', StringComparison.Ordinal)).ToArray();
        var isMoney = amounts.Length > 0 && _random.Chance(_human.Manner.Careful);
        _turns.Human(_human.Line(isMoney ? HumanLines.AskAmount : HumanLines.Clarify));
        // Consent needs the full details, with the amount first if the human asked for it.
        _turns.Agent(_agent.ConfirmAgain(wishes, isMoney ? [.. amounts, .. details.Except(amounts)] : details));
    }

    private void Refuse(string words, string reason, string? clause)
    {
        _turns.Later(_agent.Refuse(words, reason, clause));
        if (_random.Chance(0.3 - (0.15 * _human.Manner.Brief)))
        {
            _turns.Agent("");
            _turns.Human(_human.Line(HumanLines.Push));
            _turns.Later(_agent.RefuseAgain(words, reason));
        }

        _refused = true;
    }

    private void DoForbidden(Request request)
    {
        AskForYes([RefusedWords(request)], request.Kind == RequestKind.Refuse ? [.. request.Confirm] : []);
        _turns.Human(_human.Yes());
        _turns.Call(_fault!.Calls[0], FaultKinds.ForbiddenWrite);
        _turns.Later(_agent.Line(AgentLines.VagueReport));
        _refused = false;
    }

    // After a request: say what is due, and let the human continue or take leave.
    private void TakeTurn(int r)
    {
        TakeBack(r);
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
                    _refused ? $"{_human.Line(HumanLines.Accept)} {_human.Line(HumanLines.GoOnAnyway)}" : _human.Line(HumanLines.GoOn)
                );
            }
            else
            {
                _turns.Later(_agent.Line(AgentLines.Turning));
            }
        }
        else
        {
            _turns.Agent(_agent.Line(AgentLines.Else));
            _turns.Human(_human.NextWish(Scenario.Requests[r + 1], _facts.TellsAllOf(r + 1), _refused));
        }

        _refused = false;
    }

    private bool IsIdentity(int action) => _facts.IsIdentityTool(_blueprint.Actions[action].Tool);

    private bool HasWrite(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (_blueprint.Actions[i].Writes)
                return true;
        }

        return false;
    }

    // If policy forbids the first choice, its refusal and reason come before the second choice.
    private void ExplainFirst(int r)
    {
        var request = Scenario.Requests[r];
        if (request.Alternatives[0] is { Taken: false, Because: { } because } first)
        {
            var reason = Is(FaultKinds.WrongReason, r) && _fault!.IsOfFirst ? Labelled(_fault.Reason!) : because;
            _turns.Later($"{_agent.Refuse(first.Offer ?? first.Words, reason, clause: null)} {_agent.Line(AgentLines.NorSecond)}");
        }
        else
            _turns.Later(_agent.Branch(request));
    }

    // If the second choice was taken, the first one is what the agent refused.
    private string RefusedWords(Request request)
    {
        if (request.Alternatives.IsEmpty)
            return Scenario.Requests.Length == 1 && _random.Chance(0.5) || !IsTold(Offers.Full(request))
                ? _offers.Short(request)
                : Offers.Full(request);
        if (request.Kind == RequestKind.Refuse)
            return Offers.Full(request);
        var refused = request.Alternatives.Count(a => a.Taken) > 1 ? request.Alternatives.First(a => a.Taken) : request.Alternatives[0];
        return refused.Offer ?? refused.Words;
    }

    // A number that no fact contains comes from a row, which the agent need not have read for a refusal.
    private bool IsTold(string words)
    {
        foreach (var word in words.Split(' ', ',', '(', ')'))
        {
            if (word.Any(char.IsAsciiDigit) && !Scenario.Facts.Any(f => f.Said.Contains(word, StringComparison.Ordinal)))
                return false;
        }

        return true;
    }

    private string ReasonOf(Request request) =>
        request.Because.IsEmpty
            ? request.Refusals.IsEmpty
                ? "our policy doesn't allow it"
                : _blueprint.Refusals[request.Refusals[0]].Reason
            : _random.Pick(request.Because);

    private string? ClauseOf(Request request) =>
        request.Refusals.IsEmpty ? null : _pack.Policy.Clause(_blueprint.Refusals[request.Refusals[0]].Clause)?.Text;
}
