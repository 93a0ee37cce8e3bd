using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

// A wish that the human makes, or not, once they have heard an answer.
internal sealed partial class ScriptWriter
{
    private string Undecided(Decision decision) =>
        string.Format(_human.Line(DecisionLines.Undecided), Perspective.First(Phrasing.AsAct(decision.Wish)));

    // The answer stands alone in its message. By a wrong one, the human decides the other way.
    private void Decide(Decision decision)
    {
        if (Is(FaultKinds.BeforeAnswer) || Is(FaultKinds.HumanDropsGoal))
        {
            Leave();
            return;
        }

        _turns.Agent("");
        if (decision.Suits != Is(FaultKinds.MisledDecision))
        {
            if (Scenario.Requests.Length > 1)
                _turns.Human(_human.Decided(Scenario.Requests[1]));
            else
                MakeUnwanted(decision);
            return;
        }

        _turns.Human(_human.Line(DecisionLines.LeavesIt));
        Leave();
    }

    // The agent asks for a yes to what the human has not decided yet, and does it although they ask for the answer.
    private void ActUnasked()
    {
        AskForYes([Perspective.Second(Phrasing.AsAct(Twist!.Decision!.Wish))], []);
        _turns.Human(_human.Line(DecisionLines.AnswerFirst));
        Report(Tempting, FaultKinds.BeforeAnswer);
        _next = _blueprint.Actions.Length;
    }

    private void MakeUnwanted(Decision decision)
    {
        _turns.Human(string.Format(_human.Line(DecisionLines.Then), Perspective.First(Phrasing.AsAct(decision.Wish))));
        Report(Tempting, FaultKinds.MisledDecision);
        Leave();
    }

    private ImmutableArray<string> Misled(Request question)
    {
        var output = _blueprint.Outputs[question.Outputs[0]];
        var right = FieldValues.Say(output.Type, output.Value);
        return [.. question.Done.Select(d => d.Replace(right, Twist!.Decision!.Misread, StringComparison.Ordinal))];
    }
}
