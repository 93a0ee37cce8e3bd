using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.outputs-words</c>: each expected value is the agent's last answer to its question, after the read that grounds it. It must
/// be the only answer, and stay uncontradicted. <c>outcome.outputs</c> checks that the agent says it at all.
/// </summary>
internal sealed class OutcomeOutputsWords : ICheck
{
    private static readonly CheckName Name = new("outcome", "outputs-words", CheckKind.Language);
    private static readonly Verdict NoOutputs = Name.Skipped("the task expects no answer");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.Blueprint.Outputs.IsEmpty)
        {
            verdicts.Add(NoOutputs);
            return;
        }

        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        foreach (var output in trace.Blueprint.Outputs)
        {
            var value = FieldValues.Say(output.Type, output.Value);
            if (Grounds.Of(trace, output.GroundedBy, mayBeComputed: true, v => JsonSearch.Shows(v, output.Value)) is not { } from)
            {
                findings.Fail(Fault.Agent, null, $"{output.Label}: whatever is said of it, nothing was read that shows {value}");
                continue;
            }

            var said = new OutputSaid(trace, output);
            for (var i = from + 1; i < messages.Length; i++)
            {
                if (trace.AgentSpeech.At(i) is { } text)
                    said.Hear(text, i);
                // A human whose decision hangs on the answer decides by what they hear first.
                if (trace.Blueprint.Twist?.Decision is not null && said.Stand == OutputStand.OneOfMany)
                    break;
            }

            switch (said.Stand)
            {
                case OutputStand.NeverSaid:
                    findings.Fail(
                        Fault.Agent,
                        null,
                        $"{output.Label}: {value} is not said{(from < 0 ? "" : $" after message {from}, which shows it")}"
                    );
                    break;
                case OutputStand.OneOfMany:
                    findings.Fail(Fault.Agent, said.Message, $"{output.Label}: {value} is one of several answers: \"{said.Sentence}\"");
                    break;
                case OutputStand.TakenBack:
                    findings.Fail(Fault.Agent, said.Message, $"{output.Label}: {value} was said, and then another: \"{said.Sentence}\"");
                    break;
                case OutputStand.Doubtful:
                    findings.Unsure(said.Message, $"{output.Label}: {value} is said with a doubt: \"{said.Sentence}\"");
                    break;
            }
        }

        findings.Close();
    }
}
