using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.outputs</c>: the agent says every expected value, as a typed value, after the read that grounds it. Whether it is also the
/// agent's last answer is left to <c>outcome.outputs-words</c>.
/// </summary>
internal sealed class OutcomeOutputs : ICheck
{
    private static readonly CheckName Name = new("outcome", "outputs");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var output in trace.Blueprint.Outputs)
        {
            if (Grounds.Of(trace, output.GroundedBy, mayBeComputed: true, v => JsonSearch.Shows(v, output.Value)) is not { } from)
                findings.Fail(Fault.Agent, null, $"{output.Label}: nothing was read that shows it");
            else if (!IsSaid(trace.Conversation.Messages, from, output))
                findings.Fail(
                    Fault.Agent,
                    LastText(trace.Conversation.Messages),
                    $"{output.Label}: the agent never says {FieldValues.Say(output.Type, output.Value)}"
                        + $"{(from < 0 ? "" : $" after message {from}, which shows it")}"
                );
        }

        findings.Close();
    }

    private static bool IsSaid(ImmutableArray<Message> messages, int from, ExpectedOutput output)
    {
        for (var i = messages.Length - 1; i > from; i--)
        {
            if (Speech.IsAgentText(messages[i]) && Says(messages[i].Content!, output))
                return true;
        }

        return false;
    }

    private static bool Says(string text, ExpectedOutput output)
    {
        if (output.Accepted.IsDefaultOrEmpty)
            return FieldValues.Says(text, output.Type, output.Value);
        foreach (var value in output.Accepted)
        {
            if (FieldValues.Says(text, output.Type, value))
                return true;
        }

        return false;
    }

    private static int? LastText(ImmutableArray<Message> messages)
    {
        for (var i = messages.Length - 1; i >= 0; i--)
        {
            if (Speech.IsAgentText(messages[i]))
                return i;
        }

        return null;
    }
}
