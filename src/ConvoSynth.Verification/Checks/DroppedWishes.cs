using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>Finds wishes of the scenario that the human never makes.</summary>
internal static class DroppedWishes
{
    // A wish that the human never mentioned and that was neither done nor answered. A served wish without a mention is unsure.
    public static void Find(Trace trace, RaisedWishes raised, ref Findings findings)
    {
        if (trace.Conversation.End != DialogueEnd.HumanStop)
            return;
        var scenario = trace.Blueprint.Scenario;
        foreach (var request in scenario.Requests)
        {
            var isServed = IsServed(trace, request) || IsAnswered(trace, request);
            if (
                (isServed ? IsInItsWords(trace, request) : scenario.Requests.Length < 2)
                || raised.IsRaised(request, Decided(trace, request))
            )
                continue;
            if (isServed)
                findings.Unsure(null, $"the human was served without having asked to {request.Brief}, as far as its words are known");
            else
                findings.Fail(
                    Fault.Human,
                    trace.Conversation.Messages.Length - 1,
                    $"the human ends without ever having asked to {request.Brief}"
                );
        }
    }

    // A wish that hangs on an answer is made after that answer; before it, the human says only that it hangs on it.
    private static int Decided(Trace trace, Request request)
    {
        if (request.When is null || trace.Blueprint.Outputs is not [var output])
            return 0;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (
                trace.Conversation.Messages[i] is { Role: MessageRole.Assistant, Content: { } text }
                && FieldValues.Says(text, output.Type, output.Value)
            )
                return i;
        }

        return 0;
    }

    // A cheap precheck: the wish's own words, if it shares them with no other wish.
    private static bool IsInItsWords(Trace trace, Request request)
    {
        if (
            trace.Blueprint.Scenario.Requests.Any(r =>
                !ReferenceEquals(r, request) && (r.Words == request.Words || r.Brief == request.Brief)
            )
        )
            return false;
        var (words, brief) = (SpokenText.Phrase(Perspective.First(request.Words)), SpokenText.Phrase(Perspective.First(request.Brief)));
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (
                trace.Conversation.Messages[i].Role == MessageRole.User
                && trace.Said(i) is { } said
                && (said.Has(words) || said.Has(brief))
            )
                return true;
        }

        return false;
    }

    public static bool IsServed(Trace trace, Request request)
    {
        var actions = trace.Blueprint.Actions;
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, actions.Length); a++)
        {
            if (
                actions[a].Writes
                && trace.Calls.Any(c =>
                    c.Wrote && c.Tool!.Name == actions[a].Tool && PlanMatch.Same(trace.Pack, c.Tool, actions[a].Arguments, c.Arguments!)
                )
            )
                return true;
        }

        return false;
    }

    private static bool IsAnswered(Trace trace, Request request)
    {
        foreach (var index in request.Outputs)
        {
            var output = trace.Blueprint.Outputs[index];
            if (
                !trace.Conversation.Messages.Any(m =>
                    m.Role == MessageRole.Assistant
                    && m.Content is { } text
                    && output.Accepted.Append(output.Value).Any(v => FieldValues.Says(text, output.Type, v))
                )
            )
                return false;
        }

        return !request.Outputs.IsEmpty;
    }
}
