using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Slicing;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.together</c>: where the policy asks for it, calls that do not depend on each other stand in one message, and no call stands
/// in the message of a call whose result it needs. Unsure where only some of them stand together, or where an argument of one was not
/// known yet.
/// </summary>
internal sealed class OutcomeTogether : ICheck
{
    private static readonly CheckName Name = new("outcome", "together");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.Blueprint.Twist?.Together is not { } groups)
            return;
        var findings = new Findings(Name, verdicts);
        foreach (var group in groups)
            Serial(trace, group, ref findings);
        foreach (var call in trace.Calls)
        {
            if (Needed(trace, call) is { } needed)
                findings.Fail(
                    Fault.Agent,
                    call.Message,
                    $"{call.Call.Name}({call.Call.Arguments}) stands beside {needed.Call.Name}, whose result it needs"
                );
        }

        findings.Close();
    }

    private static void Serial(Trace trace, ImmutableArray<int> group, ref Findings findings)
    {
        var made = group.Select(a => Made(trace, a)).OfType<TraceCall>().ToArray();
        var messages = made.Select(c => c.Message).Distinct().Order().ToArray();
        // A read that the dialogue does not have was not needed on its way.
        if (made.Length < group.Length || messages.Length == 1)
            return;
        var quote = trace.Blueprint.Twist!.Amended is { } amended ? $"; clause {amended.Clause} ({amended.Text})" : "";
        var evidence =
            $"{string.Join(", ", made.Select(c => c.Call.Name))} do not depend on each other, and stand in "
            + $"{messages.Length} messages{quote}";
        if (messages.Length == made.Length && made.All(c => IsKnown(trace, c, messages[0])))
            findings.Fail(Fault.Agent, messages[1], evidence);
        else
            findings.Unsure(messages[1], evidence);
    }

    private static TraceCall? Made(Trace trace, int action) =>
        trace.Calls.FirstOrDefault(c =>
            c is { Succeeded: true, Tool: { } tool, Arguments: { } arguments }
            && tool.Name == trace.Blueprint.Actions[action].Tool
            && PlanMatch.Same(trace.Pack, tool, trace.Blueprint.Actions[action].Arguments, arguments)
        );

    // The earlier call of the message that shows a text of the arguments which stands nowhere before the message.
    private static TraceCall? Needed(Trace trace, TraceCall call)
    {
        if (call.Arguments is not { } arguments)
            return null;
        foreach (var text in CallNeeds.Texts(arguments))
        {
            foreach (var other in trace.Calls)
            {
                if (
                    !ReferenceEquals(other, call)
                    && other.Message == call.Message
                    && other.Observation < call.Observation
                    && FieldValues.ContainsToken(other.Recorded, text)
                    && !IsSaid(trace, text, call.Message)
                )
                    return other;
            }
        }

        return null;
    }

    private static bool IsKnown(Trace trace, TraceCall call, int before) =>
        CallNeeds
            .Texts(call.Arguments!)
            .All(t =>
                IsSaid(trace, t, before)
                || !trace.Conversation.Messages.Any(m => m.Content is { } said && FieldValues.ContainsToken(said, t))
            );

    private static bool IsSaid(Trace trace, string text, int before) =>
        FieldValues.ContainsToken(trace.Conversation.System, text)
        || trace.Conversation.Messages.Take(before).Any(m => m.Content is { } said && FieldValues.ContainsToken(said, text));
}
