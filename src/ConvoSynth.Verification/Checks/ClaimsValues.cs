using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>claims.values</c>: each typed value in the agent's texts has a source. It fails a key or code that occurs in no source. Unsure are
/// a day, a number or an amount without a source, an estimate of money, and a remainder that the agent computed. Also unsure are a thing
/// called available but read as gone, another value in the words of a wish, and a labelled detail without a source.
/// </summary>
internal sealed class ClaimsValues : ICheck
{
    private static readonly CheckName Name = new("claims", "values", CheckKind.Language);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text)
                continue;
            SaidAmounts.Judge(trace, text, ref findings, i);
            SaidNumbers.Judge(trace, text, ref findings, i);
            SaidEstimates.Judge(trace, text, ref findings, i);
            SaidAvailability.Judge(trace, text, ref findings, i);
            if (trace.IsForeign || trace.Said(i) is not { } said)
                continue;
            SaidDetails.Judge(trace, said, ref findings, i);
            if (NearNames.In(trace.Blueprint.Scenario, said) is { } near)
                findings.Unsure(i, $"the agent almost says {near.Said}, with another word in it");
            if (Denied.Proposal(trace.Blueprint.Scenario, said) is { } denied)
                findings.Unsure(i, $"the agent seems to deny what it speaks of: {denied}");
            if (trace.Frames.Other(said) is { } other)
                findings.Unsure(i, $"the agent says \"{other.Said}\" where the human's wish has the {other.Fact.Label} {other.Fact.Said}");
        }

        findings.Close();
    }
}
