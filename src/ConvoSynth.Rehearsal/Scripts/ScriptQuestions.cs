using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

// What the agent asks before it acts: who the human is, what it needs to know, and a yes.
internal sealed partial class ScriptWriter
{
    private void Identify(int r)
    {
        var missing = _facts.MissingIdentity(_blueprint.Actions[_next].Tool);
        if (missing.Count > 0)
        {
            var details = Is(FaultKinds.GuessedParameter, r) || Is(FaultKinds.UnaskedParameter, r) ? [] : _facts.Missing(r);
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

        if (Is(FaultKinds.UnaskedParameter, r))
            _turns.LabelNextText(FaultKinds.UnaskedParameter);
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
        _turns.Human(_human.Line(isMoney ? HumanReplies.AskAmount : HumanReplies.Clarify));
        // Consent needs the full details, with the amount first if the human asked for it.
        _turns.Agent(_agent.ConfirmAgain(wishes, isMoney ? [.. amounts, .. details.Except(amounts)] : details));
    }

    private bool HasWrite(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (_blueprint.Actions[i].Writes)
                return true;
        }

        return false;
    }
}
