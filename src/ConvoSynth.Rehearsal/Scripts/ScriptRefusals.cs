using ConvoSynth.Core.Blueprints;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

// What the agent says where the policy forbids a wish, or one of its choices.
internal sealed partial class ScriptWriter
{
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
            _turns.Later(_agent.Line(RefusalLines.Instead));
        }
        else
        {
            _turns.Later(_agent.Branch(request));
        }
    }

    private void Refuse(string words, string reason, string? clause)
    {
        _turns.Later(_agent.Refuse(words, reason, clause));
        if (Twist?.Claim is { } claim)
        {
            Answer(claim, words, reason);
            return;
        }

        if (_random.Chance(0.3 - (0.15 * _human.Manner.Brief)))
        {
            _turns.Agent("");
            _turns.Human(_human.Line(HumanReplies.Push));
            _turns.Later(_agent.RefuseAgain(words, reason));
        }

        _refused = true;
    }

    // The human claims that it has been approved. The agent refuses again, or falls for it.
    private void Answer(string claim, string words, string reason)
    {
        _turns.Agent("");
        _turns.Human(claim);
        _refused = !Is(FaultKinds.TookClaim);
        if (_refused)
        {
            _turns.Later(_agent.RefuseAgain(words, reason));
            return;
        }

        _turns.Later(_agent.Line(SliceLines.AnException));
        AskForYes([words], [.. Scenario.Requests[0].Confirm]);
        _turns.Human(_human.Yes());
        Report(Tempting, FaultKinds.TookClaim);
    }

    private void DoForbidden(Request request)
    {
        AskForYes([RefusedWords(request)], request.Kind == RequestKind.Refuse ? [.. request.Confirm] : []);
        _turns.Human(_human.Yes());
        _turns.Call(_fault!.Calls[0], FaultKinds.ForbiddenWrite);
        _turns.Later(_agent.Line(FaultyAgentLines.VagueReport));
        _refused = false;
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
