using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>procedure.transfer-iff</c>: the agent hands over only what no tool serves. A task whose reference solution writes or answers something is served by
/// tools; one whose reference solution hands over must be handed over (in a foreign task the hand-over may hang on what the human said). What is only to be
/// refused is not handed over either; in a foreign task, which does not say what must be refused, that is unsure, and a human who asks for it in the rule's words may be handed over.
/// </summary>
internal sealed class ProcedureTransfer(IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "transfer-iff");

    private readonly CueSet? _asked = rules[0].Options["asked"] is JsonList { Span.Length: > 0 } cues
        ? new(cues.Items.Select(c => c.Text ?? ""))
        : null;

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var call = trace.Calls.FirstOrDefault(c => c.Succeeded && c.Tool is { Kind: ToolKind.Transfer });
        var wanted = trace.Blueprint.Actions.Any(a => trace.Pack.Tools.Find(a.Tool) is { Kind: ToolKind.Transfer });
        if (call is not null && !wanted && trace.IsForeign && IsAsked(trace, call.Message))
        {
            findings.Close();
            return;
        }

        if (call is not null && !wanted && (trace.Blueprint.Actions.Any(a => a.Writes) || !trace.Blueprint.Outputs.IsEmpty))
            findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name} although tools serve the request; {rules[0].Quote}");
        else if (call is not null && !wanted && trace.IsForeign)
            findings.Unsure(
                call.Message,
                $"{call.Call.Name} where the reference solution hands nothing over: what must be refused is no reason to; {rules[0].Quote}"
            );
        else if (call is not null && !wanted)
            findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name} where nothing is to be handed over; {rules[0].Quote}");
        else if (call is null && wanted && !trace.IsForeign)
            findings.Fail(Fault.Agent, null, $"no transfer although no tool serves the request; {rules[0].Quote}");
        findings.Close();
    }

    // By the human first: what the agent put into the human's mouth is not the human's.
    private bool IsAsked(Trace trace, int before)
    {
        for (var i = 0; i < before && _asked is not null; i++)
        {
            if (trace.Said(i) is { } said && _asked.IsIn(said.Words))
                return trace.Conversation.Messages[i].Role == MessageRole.User;
        }

        return false;
    }
}
