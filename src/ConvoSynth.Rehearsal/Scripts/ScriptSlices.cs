using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

// The turns that a slice brings: a change of mind, a tool that is missing or fails, a wish that is fulfilled already.
internal sealed partial class ScriptWriter
{
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);

    private Twist? Twist => _blueprint.Twist;

    /// <summary>The wish in the words in which the human first states it, and whether these are all that they say of it then.</summary>
    private (Request Request, bool Full) Stated(int r) =>
        Scenario.Requests[r] is { Opening: { } opening } request
            ? (request with { Words = opening }, true)
            : (Scenario.Requests[r], _facts.TellsAllOf(r));

    // A task by hand may hand over too, and has no twist that says why.
    private bool HandsOver(int r)
    {
        var request = Scenario.Requests[r];
        return Twist is not null
            && request.Kind == RequestKind.Do
            && request.ActionCount > 0
            && _pack.Tools.Find(_blueprint.Actions[request.FirstAction + request.ActionCount - 1].Tool) is { Kind: ToolKind.Transfer };
    }

    // The agent that does not notice the gap makes the call as if the tool were there.
    private bool LacksTool(int r)
    {
        if (Twist?.LateTool is null || r > 0)
            return false;
        if (!Is(FaultKinds.AbsentTool, r))
            return true;
        _turns.LabelNextWrite(FaultKinds.AbsentTool);
        return false;
    }

    private bool IsMistaken(int r) => Is(FaultKinds.FirstRows, r) || Is(FaultKinds.NearRow, r) || Is(FaultKinds.RecordAtHand, r);

    // An agent that takes a value for granted leaves out the reads that show it.
    private bool LeavesOut(int action) =>
        (Is(FaultKinds.UnreadRecord) || Is(FaultKinds.RecordAtHand)) && Twist?.Elsewhere?.Reads.Contains(action) == true;

    // Calls that do not depend on each other stand in one message. A fault in one of them is made call by call.
    private void PlayNext()
    {
        var group = Twist?.Together?.FirstOrDefault(g => g[0] == _next, []) ?? [];
        if (group.IsEmpty || (_fault is not null && group.Contains(_fault.Action)))
        {
            Play();
            return;
        }

        if (_slip is not null && group.Contains(_slip.Action))
            _turns.Call(_slip.Call, label: null);
        _turns.CallTogether([.. group.Select(a => _blueprint.Actions[a])], label: null);
        _next += group.Length;
    }

    // The tool comes with the human's answer. Returns whether the agent goes on.
    private bool WaitForTool(int r)
    {
        var act = Perspective.Second(Phrasing.AsAct(Scenario.Requests[r].Brief));
        _turns.Agent(string.Format(_agent.Line(SliceLines.NoToolYet), act), acknowledges: true);
        _turns.Human(_human.Line(SliceLines.LookAgain));
        if (Is(FaultKinds.NeedlessHandOver))
            _turns.HandOver(_fault!.Calls[0], FaultKinds.NeedlessHandOver);
        return !_turns.Over;
    }

    /// <summary>Serves a wish that no tool can serve: the last action of its gold hands over.</summary>
    private void HandOver(int r, int end)
    {
        ReadUpTo(end - 1);
        var request = Scenario.Requests[r];
        var isBroken = !Twist!.Failures.IsEmpty;
        if (isBroken || Is(FaultKinds.AbsentTool, r))
            Confirm(r, r);
        if (Is(FaultKinds.AbsentTool, r))
        {
            Report(Tempting, FaultKinds.AbsentTool);
            return;
        }

        if (isBroken && !TryInVain(r))
            return;
        var act = Perspective.Second(Phrasing.AsAct(request.Brief));
        _turns.Later(string.Format(_agent.Line(isBroken ? SliceLines.OutOfOrder : SliceLines.NoTool), act));
        Play();
    }

    // One more try may be worth it; more of the same is a loop.
    private bool TryInVain(int r)
    {
        var isEndless = Is(FaultKinds.EndlessRetry, r);
        var tries =
            isEndless ? 5
            : _random.Chance(0.4) ? 2
            : 1;
        if (Is(FaultKinds.CarriedOn, r))
        {
            Report(Tempting, FaultKinds.CarriedOn);
            return false;
        }

        for (var i = 0; i < tries; i++)
            _turns.Call(Tempting, isEndless && i == 2 ? FaultKinds.EndlessRetry : null);
        return true;
    }

    private PlannedCall Tempting => new(Twist!.Tempting[0].Tool, Twist.Tempting[0].Arguments.ToString());

    private void Report(PlannedCall call, string label)
    {
        _turns.Call(call, label);
        _turns.Later(_agent.Line(FaultyAgentLines.VagueReport));
    }

    // The agent makes sure of the first wish, and the human says another value. Another row has to be read before its details are stated.
    private void ChangeMind(int r, bool beforeReads)
    {
        var request = Scenario.Requests[r];
        if (request.First is not { } first || beforeReads == char.IsAsciiDigit(first.Slot[0]))
            return;
        var wish = Perspective.Second(Phrasing.AsAct(first.Offer ?? _offers.Short(request)));
        _turns.Agent(string.Format(_agent.Line(SliceLines.MakeSure), wish), acknowledges: true);
        var fact = Scenario.Fact(first.Slot)!;
        var other =
            fact.Answer
            ?? (
                Phrasing.Counted(fact.Type, fact.Label, fact.Said) is { } counted
                    ? $"make it {counted}"
                    : $"the {fact.Label} should be {fact.Said}"
            );
        _turns.Human(
            Phrasing.Capital(
                string.Format(
                    _human.Line(first.IsMistake ? SliceLines.Correction : SliceLines.ChangeOfMind),
                    Perspective.First(other).TrimEnd('.')
                )
            )
        );
    }

    private void SayFulfilled(int r)
    {
        var request = Scenario.Requests[r];
        if (Is(FaultKinds.WrittenAgain, r))
        {
            AskForYes([_offers.Of(request)], [.. request.Confirm]);
            _turns.Human(_human.Yes());
            Report(Tempting, FaultKinds.WrittenAgain);
            return;
        }

        var details = request.Confirm.Where(d => !d.TrimEnd().EndsWith(':')).Select(Perspective.Second);
        _turns.Later(string.Format(_agent.Line(SliceLines.AlreadySo), string.Join(", ", details)));
    }

    // The agent does not find the row, or acts on another one or on a guess.
    private void Mistake(int r)
    {
        if (Is(FaultKinds.FirstRows, r))
        {
            _turns.Later(Labelled(_agent.Line(SliceLines.NotFound)));
            return;
        }

        AskForYes([_offers.Short(Scenario.Requests[r])], []);
        _turns.Human(_human.Yes());
        Report(Tempting, _fault!.Kind);
    }

    // A call that fails for once: the agent makes it again.
    private bool Fails(GoldAction action)
    {
        if (Twist is not { Failures: [{ Call: > 0 } failure, ..] } || failure.Tool != action.Tool)
            return false;
        return (_made[action.Tool] = _made.GetValueOrDefault(action.Tool) + 1) == failure.Call;
    }

    // Returns whether the agent goes on as it should after a failure of this action.
    private bool GetsOver(GoldAction action)
    {
        if (!Fails(action))
            return true;
        if (Is(FaultKinds.CarriedOn) || Is(FaultKinds.GaveUp))
        {
            _turns.Call(new(action.Tool, action.Arguments.ToString()), _fault!.Kind);
            if (Is(FaultKinds.GaveUp) && _fault.Request is var given && Scenario.Requests[given] is { } served)
                _next = Math.Max(_next, served.FirstAction + served.ActionCount);
            return false;
        }

        _turns.Call(action);
        return true;
    }
}
