using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>format.schema</c>: the arguments of every call fit the tool's JSON Schema.</summary>
internal sealed class FormatSchema : ICheck
{
    private static readonly CheckName Name = new("format", "schema");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.Tool is null || call.Arguments is not JsonMap arguments)
                continue;
            if (SchemaCheck.Fault(call.Tool.Definition.Parameters, arguments) is { } fault)
                findings.Fail(Fault.Agent, call.Message, $"{call.Tool.Name}: {fault}");
        }

        findings.Close();
    }
}
