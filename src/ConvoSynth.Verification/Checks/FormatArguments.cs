using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>format.arguments</c>: the arguments of every call are one strict JSON object.</summary>
internal sealed class FormatArguments : ICheck
{
    private static readonly CheckName Name = new("format", "arguments");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.ArgumentFault is { } fault)
                findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name}: {fault.Kind}: {fault.Message}");
            else if (call.Arguments is not JsonMap)
                findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name}: the arguments are {call.Arguments}, not an object");
        }

        findings.Close();
    }
}
