using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>format.numbers</c>: whole-number arguments are written without a point or an exponent, as their schema demands.</summary>
internal sealed class FormatNumbers : ICheck
{
    private static readonly CheckName Name = new("format", "numbers");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.Tool is null || call.Arguments is not JsonMap arguments)
                continue;
            if (ArgumentSpelling.Misspelled(call.Tool, arguments) is { } path)
                findings.Fail(Fault.Agent, call.Message, $"{call.Tool.Name}: {path} is a whole number and is written with a point");
        }

        findings.Close();
    }
}
