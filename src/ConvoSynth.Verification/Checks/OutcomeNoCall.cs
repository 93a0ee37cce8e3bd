using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.no-call</c>: where the policy alone answers, so that the reference makes no call, the agent makes none. Where the human
/// begins off the subject, the agent makes none before a message has a word of their wish, or a fact.
/// </summary>
internal sealed class OutcomeNoCall : ICheck
{
    private static readonly CheckName Name = new("outcome", "no-call");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var offSubject = trace.Blueprint.Twist?.OffSubject;
        // A foreign task without actions may still need reads.
        if (trace.IsForeign || (!trace.Blueprint.Actions.IsEmpty && offSubject is null))
            return;
        var findings = new Findings(Name, verdicts);
        var end = offSubject is null ? int.MaxValue : WishIn(trace, offSubject);
        foreach (var call in trace.Calls)
        {
            if (call.Message < end)
                findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name} is called, and {Why(offSubject)}");
        }

        findings.Close();
    }

    private static string Why(SmallTalk? offSubject) =>
        offSubject is null ? "the policy alone answers what the human asks" : "the human has not said yet what they want";

    // The first message of the human that has more than the small talk.
    private static int WishIn(Trace trace, SmallTalk offSubject)
    {
        var raised = new RaisedWishes(trace);
        var talk = SpokenText.Phrase(offSubject.Words);
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (
                trace.Conversation.Messages[i].Role == MessageRole.User
                && trace.Said(i) is { } said
                && !raised.IsGreeting(new(said.Words.Replace(talk, " ", StringComparison.Ordinal)))
            )
                return i;
        }

        return int.MaxValue;
    }
}
