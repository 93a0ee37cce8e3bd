using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>human.leak</c>: the human does not say a fact with disclosure <c>never</c>, unless the agent said it first. Counts and flags are
/// left out, since the same value may describe something else.
/// </summary>
internal sealed class HumanLeak : ICheck
{
    private const int ShortestText = 4;
    private static readonly CheckName Name = new("human", "leak");
    private static readonly Verdict Foreign = Name.Skipped("the task has no scenario");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.IsForeign)
        {
            verdicts.Add(Foreign);
            return;
        }

        var findings = new Findings(Name, verdicts);
        foreach (var fact in trace.Blueprint.Scenario.Facts)
        {
            if (fact.Disclosure == Disclosure.Never && IsDistinct(fact) && !IsToldOtherwise(trace.Blueprint.Scenario, fact))
                Look(trace, fact, ref findings);
        }

        findings.Close();
    }

    private static bool IsDistinct(Fact fact) =>
        fact.Type is not ("count" or "flag") && (fact.Value is JsonNumber || fact.Value.Text is { Length: >= ShortestText });

    // The same value may be another fact that the human may say.
    private static bool IsToldOtherwise(Scenario scenario, Fact fact) =>
        scenario.Facts.Any(f =>
            f.Disclosure != Disclosure.Never && (f.Value == fact.Value || FieldValues.Says(f.Said, fact.Type, fact.Value))
        );

    private static void Look(Trace trace, Fact fact, ref Findings findings)
    {
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (
                messages[i].Role == MessageRole.Tool
                || messages[i].Content is not { } text
                || !FieldValues.Says(text, fact.Type, fact.Value)
            )
                continue;
            if (messages[i].Role == MessageRole.User)
                findings.Fail(Fault.Human, i, $"the human says the {fact.Label} {fact.Said}, which is never to be said");
            return;
        }
    }
}
