using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.asked</c>: a value that the human leaves out, and that nothing else decides, is said by the human before the write that
/// rests on it. A number, a date or an id that no human message says was guessed, and fails. A choice or a text may be paraphrased, and
/// is unsure.
/// </summary>
internal sealed class OutcomeAsked : ICheck
{
    private static readonly CheckName Name = new("outcome", "asked");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.Blueprint.Twist is not { Withheld.IsEmpty: false } twist)
            return;
        var findings = new Findings(Name, verdicts);
        foreach (var slot in twist.Withheld)
        {
            if (trace.Blueprint.Scenario.Fact(slot) is not { } fact || WriteOf(trace, slot) is not { } write)
                continue;
            if (IsSaid(trace, write.Message, fact))
                continue;
            var evidence = $"{write.Call.Name} is made before the human has said the {fact.Label}, {fact.Said}";
            if (fact.Type is "text" or "name" or "enum" or "flag" or "ref" || fact is { Type: "count", Value.Number: 1 })
                findings.Unsure(write.Message, evidence);
            else
                findings.Fail(Fault.Agent, write.Message, evidence);
        }

        findings.Close();
    }

    // The first successful write by the tool that the wish with the slot needs, unless it is what another wish asks for.
    private static TraceCall? WriteOf(Trace trace, string slot)
    {
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            if (!request.Slots.Contains(slot, StringComparer.Ordinal) || request.Tool is not { } tool)
                continue;
            foreach (var call in trace.Calls)
            {
                if (call.Wrote && call.Tool!.Name == tool && !IsOfAnother(trace, request, call))
                    return call;
            }
        }

        return null;
    }

    private static bool IsOfAnother(Trace trace, Request request, TraceCall call)
    {
        for (var a = 0; a < trace.Blueprint.Actions.Length; a++)
        {
            var action = trace.Blueprint.Actions[a];
            if (
                (a < request.FirstAction || a >= request.FirstAction + request.ActionCount)
                && action.Writes
                && action.Tool == call.Tool!.Name
                && PlanMatch.Same(trace.Pack, call.Tool, action.Arguments, call.Arguments!)
            )
                return true;
        }

        return false;
    }

    private static bool IsSaid(Trace trace, int before, Fact fact)
    {
        for (var i = 0; i < before; i++)
        {
            if (trace.Conversation.Messages[i] is not { Role: MessageRole.User, Content: { } text })
                continue;
            // "My card number" says nothing of a payment by card.
            foreach (var other in trace.Blueprint.Scenario.Facts)
            {
                if (other.Slot != fact.Slot)
                    text = text.Replace(other.Label, " ", StringComparison.OrdinalIgnoreCase);
            }

            if (
                fact.Value.Number is 1
                    ? SaysOne(text, fact)
                    : FieldValues.Says(text, fact.Type, fact.Value) || (fact.Type != "count" && Has(text, fact.Said))
            )
                return true;
        }

        return false;
    }

    // "One moment" and "a loan" count nothing; "1", "one seat" and "a week" do.
    private static bool SaysOne(string text, Fact fact)
    {
        if (FieldValues.ContainsToken(text, "1"))
            return true;
        var thing = fact.Label == "people" ? "person" : fact.Label.TrimEnd('s');
        return Has(text, "one " + thing) || Has(text, "a " + thing);
    }

    // Whole words: "for the record" names no airport ORD.
    private static bool Has(string text, string part) =>
        SpokenText.Padded(text).Contains(SpokenText.Phrase(part), StringComparison.Ordinal);
}
