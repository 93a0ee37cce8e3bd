using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>procedure.alone</c>: a message that calls such a tool contains this single call and no text.
/// A task of the slice <c>parallel</c> allows several calls.</summary>
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
                if (!calls.Any(c => rule.Tools.Contains(c.Name)) || MayStandTogether(trace, rule, messages[i]))
                    continue;
                var what = calls.Length > 1 ? $"{calls.Length} calls in one message" : $"{calls[0].Name} with text beside it";
                findings.Fail(Fault.Agent, i, $"{what}; {rule.Quote}");
            }
        }

        findings.Close();
    }

    // The task's own text of the clause asks for calls that stand together; it still allows no text beside them.
    private static bool MayStandTogether(Trace trace, BoundRule rule, Message message) =>
        trace.Blueprint.Twist?.Amended?.Clause == rule.Clause.Number && !Speech.IsAgentText(message);
}
