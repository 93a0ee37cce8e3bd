using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// A question that the policy answers and no tool does. The answer is the policy's parameter in this very database, so worlds answer
/// differently; the gold makes no call.
/// </summary>
internal sealed class PolicyQuestion(Pack pack)
{
    private const double Two = 0.3;

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        var asked = random.Shuffled(pack.Questions).Take(pack.Questions.Count > 1 && random.Chance(Two) ? 2 : 1).ToArray();
        // One message may answer both; equal answers would be one.
        if (asked.Length == 2 && asked[0].Answer == asked[1].Answer)
            asked = [asked[0]];
        var outputs = asked.Select(q => new ExpectedOutput(q.Ask, q.Type, q.Answer, [q.Answer], -1, q.Ask)).ToArray();
        var scenario = new Scenario
        {
            Reason = "",
            Facts = [],
            Requests = [.. asked.Select(Asking)],
            StopWhen = "what you asked for has been answered",
        };
        return Rewording.Of(task, scenario) with
        {
            Intent = "policy_question",
            Shape = "lookup",
            Patch = [],
            Actions = [],
            AcceptedEndStates = [new("gold", StateDiff.Empty, [])],
            Outputs = [.. outputs],
            Refusals = [],
            ClausesHeld = [.. asked.Select(q => q.Clause).Distinct(StringComparer.Ordinal)],
            ClausesBroken = [],
            Depth = asked.Length,
        };
    }

    private static Request Asking(PackQuestion question, int at) =>
        new()
        {
            Kind = RequestKind.Tell,
            Words = question.Ask,
            Brief = question.Ask,
            Outputs = [at],
            Done = [.. Answers(question.Ask, FieldValues.Say(question.Type, question.Answer))],
        };

    // Nothing was looked up.
    private static IEnumerable<string> Answers(string question, string said) =>
        [$"you asked {question}: {said}", $"the answer is {said}", $"by our rules that is {said}", $"it is {said}"];
}
