using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>procedure.alone</c>: a message that calls such a tool contains this single call and no text.</summary>
internal sealed class ProcedureAlone(IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "alone");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            var calls = messages[i].ToolCalls;
            if (calls.IsEmpty || (calls.Length == 1 && !Speech.IsAgentText(messages[i])))
                continue;
            foreach (var rule in rules)
            {
                if (!calls.Any(c => rule.Tools.Contains(c.Name)))
                    continue;
                var what = calls.Length > 1 ? $"{calls.Length} calls in one message" : $"{calls[0].Name} with text beside it";
                findings.Fail(Fault.Agent, i, $"{what}; {rule.Quote}");
            }
        }

        findings.Close();
    }
}
