using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.refusal</c>: a write that must be refused was not made, the agent read the evidence that the write is forbidden, and it
/// spoke after that. <c>outcome.refusal-words</c> judges the words.
/// </summary>
internal sealed class OutcomeRefusal : ICheck
{
    private static readonly CheckName Name = new("outcome", "refusal");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var refusal in trace.Blueprint.Refusals)
        {
            var clause = refusal.IsFulfilled
                ? $"{refusal.Tool}({refusal.Arguments}) would change nothing"
                : $"clause {refusal.Clause} forbids {refusal.Tool}({refusal.Arguments})";
            foreach (var call in trace.Calls)
            {
                if (
                    call.Wrote
                    && call.Tool!.Name == refusal.Tool
                    && PlanMatch.Same(trace.Pack, call.Tool, refusal.Arguments, call.Arguments!)
                )
                    findings.Fail(Fault.Agent, call.Message, $"{clause}; it was done");
            }

            if (Grounds.Of(trace, refusal.GroundedBy, mayBeComputed: false, v => ShowsTarget(trace, refusal, v)) is not { } from)
                findings.Fail(Fault.Agent, null, $"{clause}; nothing was read that shows it");
            else if (!SpokeAfter(trace.Conversation.Messages, from))
                findings.Fail(Fault.Agent, null, $"{clause}; the agent said nothing after message {from}, which shows it");
        }

        findings.Close();
    }

    private static bool SpokeAfter(ImmutableArray<Message> messages, int from)
    {
        for (var i = messages.Length - 1; i > from; i--)
        {
            if (Speech.IsAgentText(messages[i]))
                return true;
        }

        return false;
    }

    // Whether the result shows every row that the forbidden write names.
    private static bool ShowsTarget(Trace trace, ExpectedRefusal refusal, Json result)
    {
        if (trace.Pack.Tools.Find(refusal.Tool) is not { } tool)
            return false;
        var any = false;
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(tool))
        {
            if (meaning.Names is null || refusal.Arguments[meaning.Parameter.Name].Text is not { } id)
                continue;
            any = true;
            if (!JsonSearch.ShowsId(result, id))
                return false;
        }

        return any;
    }
}
