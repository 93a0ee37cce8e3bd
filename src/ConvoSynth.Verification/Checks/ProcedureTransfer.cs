using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.transfer-iff</c>: the agent hands over exactly the requests that no tool serves. Tools serve a task whose gold writes or
/// answers something. If gold hands over, the agent must too. A foreign task is exempt, since its hand-over may depend on the human's
/// messages. A task that only needs a refusal is not handed over. A foreign task does not list its refusals, so a hand-over is unsure
/// there. It passes if the human asks for it in the rule's words.
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

    // The human must say it first: a cue that the agent used first is not the human's own request.
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
