using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>human.manner</c>: the human's messages do not contradict the persona, for example with capitals from a lower-case writer or long
/// messages from a brief one. A trait that merely does not show is no fault.
/// </summary>
internal sealed class HumanManner : ICheck
{
    private static readonly CheckName Name = new("human", "manner", CheckKind.Language);
    private static readonly Verdict Foreign = Name.Skipped("the task has no persona");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.IsForeign)
        {
            verdicts.Add(Foreign);
            return;
        }

        var findings = new Findings(Name, verdicts);
        foreach (var sign in MannerSigns.Of(trace.Blueprint, trace.Conversation.Messages))
        {
            if (sign.Contradicts)
                findings.Fail(
                    Fault.Human,
                    null,
                    $"the persona {trace.Blueprint.Persona.Name} is {sign.Trait.Replace('_', ' ')}, and the human is the opposite"
                );
        }

        findings.Close();
    }
}
